import type { Mutation, Outbox, Parked, Status, Stream } from '@tidemark/core'
import { computed, toValue, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { useStream } from './useStream.js'

/** What a stream emits. */
export type Emitted<S> = S extends Stream<infer T> ? T : never
type Following<S> = Readonly<ShallowRef<Emitted<S> | undefined>>

/** The rows of a query. The query may be a ref or a getter; a change of it opens the new view. */
export const useRows = <Q, S extends Stream<unknown>>(
  table: { rows$: (query?: Q) => S },
  query?: MaybeRefOrGetter<Q>,
): Following<S> => useStream(() => table.rows$(toValue(query)) as unknown as Stream<Emitted<S>>)

/** How many rows a query has. */
export const useCount = <Q>(
  table: { count$: (query?: Q) => Stream<number> },
  query?: MaybeRefOrGetter<Q>,
): Readonly<ShallowRef<number | undefined>> => useStream(() => table.count$(toValue(query)))

/** One row by its key, which may be a ref or a getter; `null` when it is not there. */
export const useRow = <K, S extends Stream<unknown>>(
  table: { row$: (key: K) => S },
  key: MaybeRefOrGetter<K>,
): Following<S> => useStream(() => table.row$(toValue(key)) as unknown as Stream<Emitted<S>>)

/** The one state of a Tidemark. */
export const useStatus = (tide: {
  readonly status$: Stream<Status>
}): Readonly<ShallowRef<Status | undefined>> => useStream(tide.status$)

export interface UsedOutbox extends Pick<Outbox, 'retry' | 'edit' | 'discard'> {
  readonly pending: ComputedRef<readonly Mutation[]>
  readonly parked: ComputedRef<readonly Parked[]>
}

/** What waits for the server and what it refused, with what can be done about it. */
export function useOutbox({ outbox }: { readonly outbox: Outbox }): UsedOutbox {
  const pending = useStream(outbox.pending$)
  const parked = useStream(outbox.parked$)
  return {
    retry: outbox.retry,
    edit: outbox.edit,
    discard: outbox.discard,
    pending: computed(() => pending.value ?? []),
    parked: computed(() => parked.value ?? []),
  }
}
