import type { Stream } from '@tidemark/core'
import type { CalendarApp } from '../domain/calendar.js'
import type { EventDto } from '../domain/eventDto.js'
import {
  conflictsOf,
  differing,
  mergeDraft,
  take,
  type ComparedField,
  type DraftVersions,
} from './draftMerge.js'
import { draftProblems, type DraftProblems } from './draftProblems.js'
import {
  draftOf,
  editDraft,
  newDraft,
  nextHour,
  type DraftField,
  type DraftTimes,
  type EventDraft,
} from './eventDraft.js'
import { saveDraft } from './saveDraft.js'
import { makeState, type State } from './state.js'

/**
 * What the editor is about:
 *
 *   create ──────────────────────────────────────────► saved, closed
 *   loading ─► editing ─► gone (deleted or unshared meanwhile; what was written can be saved as a new event)
 *        └───► missing
 */
export type EditorStage = 'create' | 'loading' | 'editing' | 'gone' | 'missing'

export interface EditorState extends DraftVersions {
  readonly stage: EditorStage
  /** The event as it is now; left out in `create`, and when it is not there. */
  readonly event: EventDto | undefined
  /** Whether the user may change the event itself, and not only how they file it. */
  readonly owner: boolean
  /** What must be mended; shown from the first try to save on. */
  readonly problems: DraftProblems
  /** Fields that another device changed and that were taken over. */
  readonly taken: readonly ComparedField[]
  /** Fields that were changed here and elsewhere. */
  readonly conflicts: readonly ComparedField[]
  /** Whether something was written here that is not saved. */
  readonly dirty: boolean
  /** The user is asked whether the event shall really be deleted. */
  readonly asking: boolean
  readonly busy: boolean
  /** Why the last write failed. */
  readonly failure: string | undefined
}

/** What came of a try to save: wait, mend the form, choose between versions, see the failure, or go on. */
export type SaveOutcome = 'busy' | 'invalid' | 'conflict' | 'failed' | 'saved'

/** The editor of one event, whatever draws it. */
export interface EventEditorPart {
  readonly state$: Stream<EditorState>
  set<F extends DraftField>(field: F, value: EventDraft[F]): void
  save(): Promise<SaveOutcome>
  /** Settles conflicts: the named fields stay as they are here, all other ones become as they are elsewhere. */
  resolve(mine: readonly ComparedField[]): void
  /** Asks whether to delete, or takes the question back. */
  ask(asking: boolean): void
  /** Each resolves with true when it is done, durable on this device. */
  delete(): Promise<boolean>
  archive(archived: boolean): Promise<boolean>
  respond(rsvp: EventDto['rsvp']): Promise<boolean>
}

export interface EditorOptions {
  readonly calendar: CalendarApp
  readonly timeZone: string
  readonly clock: () => number
  /** The event to edit; left out: a new one. */
  readonly eventId?: string | undefined
  /** When a new event is; left out: the next full hour. */
  readonly times?: DraftTimes | undefined
}

/** Makes the editor of a new event or of one that is there. It follows the event while somebody watches its state. */
export const eventEditor = (options: EditorOptions): EventEditorPart => new Editor(options)

class Editor implements EventEditorPart {
  readonly state$: Stream<EditorState>
  readonly #state: State<EditorState>
  readonly #event$: Stream<EventDto | null> | undefined
  readonly #options: EditorOptions

  constructor(options: EditorOptions) {
    const { calendar, timeZone, clock, eventId, times } = options
    this.#options = options
    this.#event$ = eventId === undefined ? undefined : calendar.event$(eventId)
    const first = newDraft(times ?? nextHour(clock()), timeZone)
    this.#state = makeState(firstState(first, eventId === undefined), () => {
      const stop = this.#event$?.watch(() => this.#follow())
      this.#follow()
      return () => stop?.()
    })
    this.state$ = this.#state.stream
  }

  set<F extends DraftField>(field: F, value: EventDraft[F]): void {
    const { timeZone } = this.#options
    const { base, mine: before, theirs, problems } = this.#state.get()
    const mine = editDraft(before, field, value, timeZone)
    const shown = Object.keys(problems).length > 0
    this.#state.set({
      ...told({ base, mine, theirs }),
      ...(shown && { problems: draftProblems(mine, timeZone) }),
    })
  }

  async save(): Promise<SaveOutcome> {
    const { calendar, timeZone, eventId } = this.#options
    const { mine, base, owner, stage, conflicts, busy } = this.#state.get()
    if (busy) return 'busy'
    const problems = draftProblems(mine, timeZone)
    this.#state.set({ problems })
    if (Object.keys(problems).length > 0) return 'invalid'
    if (conflicts.length > 0) return 'conflict'
    const there = stage === 'editing' && eventId !== undefined
    const change = there ? { id: eventId, mine: owner, base } : undefined
    return (await this.#run(() => saveDraft(calendar, mine, timeZone, change))) ? 'saved' : 'failed'
  }

  resolve(kept: readonly ComparedField[]): void {
    const { base, mine, theirs, conflicts } = this.#state.get()
    const given = conflicts.filter((field) => !kept.includes(field))
    const settled = { base: take(base, conflicts, theirs), mine: take(mine, given, theirs), theirs }
    this.#state.set({ ...told(settled), taken: [] })
  }

  ask(asking: boolean): void {
    this.#state.set({ asking })
  }

  delete(): Promise<boolean> {
    return this.#onEvent((id) => this.#options.calendar.deleteEvent(id))
  }

  archive(archived: boolean): Promise<boolean> {
    const { calendar } = this.#options
    return this.#onEvent((id) => (archived ? calendar.archiveEvent(id) : calendar.unarchiveEvent(id)))
  }

  async respond(rsvp: EventDto['rsvp']): Promise<boolean> {
    const done = await this.#onEvent((id) => this.#options.calendar.respond(id, rsvp))
    this.#follow()
    return done
  }

  #onEvent(work: (id: string) => Promise<void>): Promise<boolean> {
    const { eventId } = this.#options
    return this.#run(() => (eventId === undefined ? Promise.resolve() : work(eventId)))
  }

  /** What one's own write does to the event is no news: the event is followed again when it is done. */
  async #run(work: () => Promise<unknown>): Promise<boolean> {
    if (this.#state.get().busy) return false
    this.#state.set({ busy: true, failure: undefined })
    try {
      await work()
      this.#state.set({ busy: false, asking: false })
      return true
    } catch (error) {
      this.#state.set({ busy: false, failure: error instanceof Error ? error.message : String(error) })
      this.#follow()
      return false
    }
  }

  #follow(): void {
    const { calendar, timeZone } = this.#options
    const state = this.#state.get()
    if (!state.busy) this.#state.set(followed(state, this.#event$?.current, calendar.tide.userId, timeZone))
  }
}

const firstState = (draft: EventDraft, create: boolean): EditorState => ({
  stage: create ? 'create' : 'loading',
  event: undefined,
  owner: create,
  base: draft,
  mine: draft,
  theirs: draft,
  problems: {},
  taken: [],
  conflicts: [],
  dirty: false,
  asking: false,
  busy: false,
  failure: undefined,
})

const told = (versions: DraftVersions) => ({
  ...versions,
  conflicts: conflictsOf(versions),
  dirty: differing(versions.base, versions.mine).length > 0,
})

/** What the event's stream says now, on what the editor knows. */
function followed(
  state: EditorState,
  event: EventDto | null | undefined,
  userId: string | undefined,
  timeZone: string,
): Partial<EditorState> {
  const { stage } = state
  const known = stage === 'editing' || stage === 'gone'
  if (event === undefined) return {}
  if (event === null) return { stage: known ? 'gone' : 'missing', event: undefined }
  const seen = { stage: 'editing' as const, event, owner: event.owner_id === userId }
  const theirs = draftOf(event, timeZone)
  if (!known) return { ...seen, base: theirs, mine: theirs, theirs }
  const merged = mergeDraft(state, theirs)
  const taken = differing(state.mine, merged.mine)
  return { ...seen, ...told(merged), ...(taken.length > 0 && { taken }) }
}
