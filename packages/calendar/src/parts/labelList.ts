import type { RowState, Stream } from '@tidemark/core'
import type { CalendarApp } from '../domain/calendar.js'
import type { Label } from '../domain/eventDto.js'
import { colorOf, type Color } from './colors.js'
import { draftForm, type DraftForm, type DraftState } from './draftForm.js'
import type { EventMessages } from './messages/events.js'

/** A calendar or category as its list shows it. */
export interface LabelRow extends Label {
  readonly color: Color
  readonly kind: 'default' | 'archive' | 'own'
  /** Whether a calendar's events are shown; `undefined` for a category. */
  readonly visible: boolean | undefined
  readonly sync: 'saved' | 'pending' | 'failed'
}

/** A name and a colour as they are being typed. */
export interface LabelDraft {
  readonly name: string
  readonly color: string
}

type LabelProblem = keyof Pick<EventMessages['lists'], 'nameMissing' | 'nameLong'>
export type LabelListState = DraftState<LabelDraft, LabelProblem>

/** A list of calendars or categories, whatever draws it. */
export interface LabelListPart extends Omit<DraftForm<LabelDraft, LabelProblem>, 'open' | 'run'> {
  readonly rows$: Stream<readonly (Label & RowState)[]>
  /** Opens the fields of a row, or of a new one. */
  edit(row: LabelRow | undefined): void
  /** Resolves with true when it is done on this device, as `show` does. */
  remove(id: string): Promise<boolean>
  show(id: string, visible: boolean): Promise<boolean>
}

interface Writes {
  readonly rows$: LabelListPart['rows$']
  readonly create: (draft: LabelDraft) => Promise<unknown>
  readonly update: (id: string, change: Partial<LabelDraft> & { visible?: boolean }) => Promise<unknown>
  readonly remove: (id: string) => Promise<unknown>
}

export const calendarList = (calendar: CalendarApp): LabelListPart =>
  labelList({
    rows$: calendar.calendars$(),
    create: (draft) => calendar.createCalendar(draft),
    update: (id, change) => calendar.updateCalendar(id, change),
    remove: (id) => calendar.deleteCalendar(id),
  })

export const categoryList = (calendar: CalendarApp): LabelListPart =>
  labelList({
    rows$: calendar.categories$(),
    create: (draft) => calendar.createCategory(draft),
    update: (id, { name, color }) =>
      calendar.updateCategory(id, {
        ...(name !== undefined && { name }),
        ...(color !== undefined && { color }),
      }),
    remove: (id) => calendar.deleteCategory(id),
  })

function labelList({ rows$, create, update, remove }: Writes): LabelListPart {
  const { open, run, ...form } = draftForm<LabelDraft, LabelProblem>({
    empty: { name: '', color: 'blue' },
    problemOf: ({ name }) => Promise.resolve(problemOf(name.trim())),
    create: (draft) => create(trimmed(draft)),
    update: (id, draft) => update(id, trimmed(draft)),
  })
  return {
    ...form,
    rows$,
    edit: (row) => (row ? open(row.id, { name: row.name, color: row.color }) : open(undefined)),
    remove: (id) => run(() => remove(id)),
    show: (id, visible) => run(() => update(id, { visible })),
  }
}

const trimmed = (draft: LabelDraft): LabelDraft => ({ ...draft, name: draft.name.trim() })

function problemOf(name: string): LabelProblem | undefined {
  if (name === '') return 'nameMissing'
  return name.length > 200 ? 'nameLong' : undefined
}

/** A row of either table as the list shows it. */
export function labelRow(
  row: Label & RowState & { type?: string; is_default?: boolean; visible?: boolean },
): LabelRow {
  const { id, name, color, type, is_default, visible, _error, _pending } = row
  const kind = is_default === true || type === 'default' ? 'default' : type === 'archive' ? 'archive' : 'own'
  const sync = _error ? 'failed' : _pending ? 'pending' : 'saved'
  return { id, name, color: colorOf(color), kind, visible, sync }
}
