import type { Mutation, Outbox, Parked, Status, Stream } from '@tidemark/core'
import { live, type Live } from './live.svelte.js'

/** What a stream emits. */
export type Emitted<S> = S extends Stream<infer T> ? T : never

type Asking<Argument, S> = (argument: Argument) => S

/** The rows of a query. The query may be a function of reactive state; a change of it opens the new view. */
export const rows = <Q, S extends Stream<unknown>>(
  table: { rows$: (query?: Q) => S },
  query?: Q | (() => Q),
): Live<Emitted<S>> => ask(table.rows$ as Asking<Q | undefined, S>, query)

/** How many rows a query has. */
export const count = <Q>(
  table: { count$: (query?: Q) => Stream<number> },
  query?: Q | (() => Q),
): Live<number> => ask(table.count$ as Asking<Q | undefined, Stream<number>>, query)

/** One row by its key, which may be a function of reactive state; `null` when it is not there. */
export const row = <K, S extends Stream<unknown>>(
  table: { row$: (key: K) => S },
  key: K | (() => K),
): Live<Emitted<S>> => ask(table.row$, key)

/** The one state of a Tidemark. */
export const status = (tide: { readonly status$: Stream<Status> }): Live<Status> => live(tide.status$)

export interface LiveOutbox extends Pick<Outbox, 'retry' | 'edit' | 'discard'> {
  readonly pending: readonly Mutation[]
  readonly parked: readonly Parked[]
}

/** What waits for the server and what it refused, with what can be done about it. */
export function outbox({ outbox }: { readonly outbox: Outbox }): LiveOutbox {
  const pending = live(outbox.pending$)
  const parked = live(outbox.parked$)
  return {
    retry: outbox.retry,
    edit: outbox.edit,
    discard: outbox.discard,
    get pending() {
      return pending.current ?? []
    },
    get parked() {
      return parked.current ?? []
    },
  }
}

function ask<A, S extends Stream<unknown>>(asking: Asking<A, S>, argument: A | (() => A)): Live<Emitted<S>> {
  const open = (): S => asking(typeof argument === 'function' ? (argument as () => A)() : argument)
  return live(open as unknown as () => Stream<Emitted<S>>)
}
