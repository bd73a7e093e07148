import type { RowState, Stream } from '@tidemark/core'
import type { CalendarApp } from '../domain/calendar.js'
import type { Profile, WorkPeriod } from '../tables/people.js'
import { draftForm, type DraftForm, type DraftState } from './draftForm.js'
import type { SyncMessages } from './messages/sync.js'
import type { SyncUi } from './syncUi.js'

/** A work period as the list shows it; `from` and `to` are `HH:MM`. */
export interface WorkPeriodRow extends WorkPeriodDraft {
  readonly id: string
  /** From when to when, as people of the locale write it. */
  readonly text: string
  /** Its day and its text, which tell it from all others. */
  readonly name: string
  readonly sync: 'saved' | 'pending' | 'failed'
}

/** A day of the week on which there is work. */
export interface WorkDay {
  /** 0 is Sunday. */
  readonly weekday: number
  readonly name: string
  readonly periods: readonly WorkPeriodRow[]
}

/** A work period as it is being typed; times are `HH:MM`, or empty. */
export interface WorkPeriodDraft {
  /** 0 is Sunday. */
  readonly weekday: number
  readonly from: string
  readonly to: string
}

export type WorkPeriodProblem = keyof Pick<SyncMessages['work'], 'missing' | 'order' | 'overlap'>
export type WorkPeriodsState = DraftState<WorkPeriodDraft, WorkPeriodProblem>
type Row = WorkPeriod & RowState

/** The work periods of a user, whatever draws them. */
export interface WorkPeriodsPart extends Omit<DraftForm<WorkPeriodDraft, WorkPeriodProblem>, 'open' | 'run'> {
  readonly rows$: Stream<readonly Row[]>
  /** The user, who says on which day a week starts. */
  readonly profile$: Stream<Profile | null>
  /** Opens the fields of a row, or of a new one on the first day that has none yet. */
  edit(row: WorkPeriodRow | undefined): void
  /** Resolves with true when it is deleted on this device. */
  remove(id: string): Promise<boolean>
}

export function workPeriods(calendar: CalendarApp): WorkPeriodsPart {
  const rows$ = calendar.workPeriods$()
  const profile$ = calendar.profile$(calendar.tide.userId ?? '')
  const { open, run, ...form } = draftForm<WorkPeriodDraft, WorkPeriodProblem>({
    empty: { weekday: 1, from: '09:00', to: '17:00' },
    problemOf: async (draft, id) => problemOf(draft, id, await rows$.ready),
    create: (draft) => calendar.createWorkPeriod(columns(draft)),
    update: (id, draft) => calendar.updateWorkPeriod(id, columns(draft)),
  })
  const fresh = (): WorkPeriodDraft => ({
    weekday: freeDay(rows$.current ?? [], profile$.current),
    from: '09:00',
    to: '17:00',
  })
  return {
    ...form,
    rows$,
    profile$,
    edit: (row) =>
      row ? open(row.id, { weekday: row.weekday, from: row.from, to: row.to }) : open(undefined, fresh()),
    remove: (id) => run(() => calendar.deleteWorkPeriod(id)),
  }
}

const columns = ({ weekday, from, to }: WorkPeriodDraft) => ({ weekday, start_time: from, end_time: to })

/** Postgres answers with seconds, fields without. */
const minutes = (time: string): string => time.slice(0, 5)

/** Why a work period cannot be saved beside the others. */
export function problemOf(
  { weekday, from, to }: WorkPeriodDraft,
  id: string | undefined,
  rows: readonly WorkPeriod[],
): WorkPeriodProblem | undefined {
  if (from === '' || to === '') return 'missing'
  if (from >= to) return 'order'
  const others = rows.filter((row) => row.id !== id && row.weekday === weekday)
  const taken = others.some(
    ({ start_time, end_time }) => from < minutes(end_time) && minutes(start_time) < to,
  )
  return taken ? 'overlap' : undefined
}

/** The days of a week in the user's order; it starts on Monday for whom is not known. */
const weekOf = (profile: Profile | null | undefined): readonly number[] =>
  Array.from({ length: 7 }, (_, index) => (Number(profile?.week_start_day ?? 1) + index) % 7)

function freeDay(rows: readonly WorkPeriod[], profile: Profile | null | undefined): number {
  const week = weekOf(profile)
  return week.find((day) => rows.every(({ weekday }) => weekday !== day)) ?? week[0] ?? 1
}

/** What is worked on which day, in the order of the user's week; days without work are left out. */
export const workWeek = (
  rows: readonly Row[],
  profile: Profile | null | undefined,
  ui: SyncUi,
): readonly WorkDay[] =>
  weekOf(profile)
    .map((weekday) => ({
      weekday,
      name: dayName(weekday, ui),
      periods: rows.filter((row) => row.weekday === weekday).map((row) => periodRow(row, ui)),
    }))
    .filter(({ periods }) => periods.length > 0)

/** The days of a week to choose from. */
export const dayChoices = (profile: Profile | null | undefined, ui: SyncUi) =>
  weekOf(profile).map((weekday) => ({ value: String(weekday), text: dayName(weekday, ui) }))

function periodRow({ id, weekday, start_time, end_time, _error, _pending }: Row, ui: SyncUi): WorkPeriodRow {
  const text = rangeText(start_time, end_time, ui)
  const sync = _error ? 'failed' : _pending ? 'pending' : 'saved'
  const name = `${dayName(weekday, ui)} ${text}`
  return { id, weekday, from: minutes(start_time), to: minutes(end_time), text, name, sync }
}

/** The first of March 2026 was a Sunday. */
const dayName = (weekday: number, { locale }: SyncUi): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2026, 2, 1 + weekday))

const rangeText = (from: string, to: string, { locale }: SyncUi): string =>
  new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).formatRange(
    atTime(from),
    atTime(to),
  )

const atTime = (time: string): number => Date.parse(`2026-03-01T${minutes(time)}:00Z`)
