import type { Stream } from '@tidemark/core'
import { makeState } from './state.js'

/** The fields of one row of a list, as they are being typed. */
export interface DraftState<Draft, Problem> {
  /** The row whose fields are open; `new` for one that is added. */
  readonly open: string | undefined
  readonly draft: Draft
  readonly problem: Problem | undefined
  /** Why the last write failed. */
  readonly failure: string | undefined
}

/** The fields that add or change a row of a list, whatever draws them. */
export interface DraftForm<Draft, Problem> {
  readonly state$: Stream<DraftState<Draft, Problem>>
  /** Opens the fields of a row, or with no id those of a new one. */
  open: (id: string | undefined, draft?: Draft) => void
  type(change: Partial<Draft>): void
  cancel(): void
  /** Resolves with true when it is saved on this device. */
  save(): Promise<boolean>
  /** Does a write of the list and resolves with whether it was done; what it threw is the failure. */
  run: (work: () => Promise<unknown>) => Promise<boolean>
}

interface Rules<Draft, Problem> {
  readonly empty: Draft
  readonly problemOf: (draft: Draft, id: string | undefined) => Promise<Problem | undefined>
  readonly create: (draft: Draft) => Promise<unknown>
  readonly update: (id: string, draft: Draft) => Promise<unknown>
}

/** Makes the fields of a list's rows; nothing with a problem is written. */
export function draftForm<Draft extends object, Problem extends string>({
  empty,
  problemOf,
  create,
  update,
}: Rules<Draft, Problem>): DraftForm<Draft, Problem> {
  const closed = { open: undefined, draft: empty, problem: undefined, failure: undefined }
  const state = makeState<DraftState<Draft, Problem>>(closed)
  const run: DraftForm<Draft, Problem>['run'] = async (work) => {
    const failure = await failureOf(work)
    state.set({ failure })
    return failure === undefined
  }
  const attempt = async (): Promise<boolean> => {
    const { open, draft } = state.get()
    if (open === undefined) return false
    const id = open === 'new' ? undefined : open
    const problem = await problemOf(draft, id)
    state.set({ problem })
    const saved = !problem && (await run(() => (id === undefined ? create(draft) : update(id, draft))))
    if (saved) state.set(closed)
    return saved
  }
  return {
    state$: state.stream,
    open: (id, draft = empty) => state.set({ ...closed, open: id ?? 'new', draft }),
    type: (change) => state.set({ draft: { ...state.get().draft, ...change }, problem: undefined }),
    cancel: () => state.set(closed),
    save: onceAtATime(attempt),
    run,
  }
}

async function failureOf(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Whoever asks while it runs gets what runs: Enter twice in a row saves once. */
function onceAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined
  return () =>
    (running ??= work().finally(() => {
      running = undefined
    }))
}
