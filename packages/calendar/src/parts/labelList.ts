import type { RowState, Stream } from '@tidemark/core'
import type { CalendarApp } from '../domain/calendar.js'
import type { Label } from '../domain/eventDto.js'
import { colorOf, type Color } from './colors.js'
import type { EventMessages } from './messages/events.js'
import { makeState } from './state.js'

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

export interface LabelListState {
  /** The row whose fields are open; `new` for one that is added. */
  readonly open: string | undefined
  readonly draft: LabelDraft
  readonly problem: keyof Pick<EventMessages['lists'], 'nameMissing' | 'nameLong'> | undefined
  /** Why the last write failed. */
  readonly failure: string | undefined
}

/** A list of calendars or categories, whatever draws it. */
export interface LabelListPart {
  readonly rows$: Stream<readonly (Label & RowState)[]>
  readonly state$: Stream<LabelListState>
  /** Opens the fields of a row, or of a new one. */
  edit(row: LabelRow | undefined): void
  type(change: Partial<LabelDraft>): void
  cancel(): void
  /** Resolves with true when it is saved on this device. */
  save(): Promise<boolean>
  remove(id: string): Promise<boolean>
  show(id: string, visible: boolean): Promise<boolean>
}

interface Writes {
  readonly rows$: LabelListPart['rows$']
  readonly create: (draft: LabelDraft) => Promise<unknown>
  readonly update: (id: string, change: Partial<LabelDraft> & { visible?: boolean }) => Promise<unknown>
  readonly remove: (id: string) => Promise<unknown>
}

const closed: LabelListState = {
  open: undefined,
  draft: { name: '', color: 'blue' },
  problem: undefined,
  failure: undefined,
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
  const state = makeState(closed)
  const run = async (work: () => Promise<unknown>, after: Partial<LabelListState> = {}): Promise<boolean> => {
    try {
      await work()
      state.set({ failure: undefined, ...after })
      return true
    } catch (error) {
      state.set({ failure: error instanceof Error ? error.message : String(error) })
      return false
    }
  }
  return {
    rows$,
    state$: state.stream,
    edit: (row) =>
      state.set({
        ...closed,
        open: row?.id ?? 'new',
        ...(row && { draft: { name: row.name, color: row.color } }),
      }),
    type: (change) => state.set({ draft: { ...state.get().draft, ...change }, problem: undefined }),
    cancel: () => state.set(closed),
    save: async () => {
      const { open, draft } = state.get()
      const said = { ...draft, name: draft.name.trim() }
      const problem = problemOf(said.name)
      state.set({ problem })
      if (problem || open === undefined) return false
      return run(() => (open === 'new' ? create(said) : update(open, said)), closed)
    },
    remove: (id) => run(() => remove(id)),
    show: (id, visible) => run(() => update(id, { visible })),
  }
}

function problemOf(name: string): LabelListState['problem'] {
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
