import { TidemarkError } from './base/errors.js'
import type { Columns } from './base/json.js'
import { omit } from './base/json.js'
import { prepareInsert, prepareUpdate } from './mutations/prepare.js'
import type { Mutation, Parked } from './outbox/mutation.js'
import { keyId } from './schema/key.js'
import type { Session } from './session.js'
import type { Stream } from './streams/stream.js'

/** What is still to be sent, and what the server refused. */
export interface Outbox {
  /** Mutations that wait for the server, oldest first. */
  readonly pending$: Stream<readonly Mutation[]>
  /** Mutations that the server refused, oldest first. */
  readonly parked$: Stream<readonly Parked[]>
  /**
   * Sends a parked mutation again, with those that wait for it, as if it were written now: after what was written since.
   * Resolves when it is back in the outbox.
   *
   * @throws TidemarkError `parked-missing`
   */
  readonly retry: (id: string) => Promise<void>
  /**
   * Changes what a parked mutation says, and sends it again.
   *
   * @throws ValidationError, GuardError, TidemarkError `parked-missing`; it stays parked then.
   */
  readonly edit: (id: string, patch: Columns) => Promise<void>
  /**
   * Gives a parked mutation up. What waited for it is sent, except writes of a row that will now never exist.
   *
   * @throws TidemarkError `parked-missing`
   */
  readonly discard: (id: string) => Promise<void>
}

export const retryParked = (session: Session, id: string): Promise<void> =>
  requeue(session, id, ({ mutation }) => [mutation])

export const editParked = (session: Session, id: string, patch: Columns): Promise<void> =>
  requeue(session, id, ({ mutation }) => prepareEdited(session, mutation, patch))

export const discardParked = (session: Session, id: string): Promise<void> =>
  requeue(
    session,
    id,
    () => [],
    (waiting, { op, table, key }) =>
      op !== 'insert' || waiting.table !== table || keyId(waiting.key) !== keyId(key),
  )

/** Puts what becomes of a parked mutation, and what waited for it and may go on, back into the outbox. */
async function requeue(
  { store, context }: Session,
  id: string,
  become: (parked: Parked) => readonly Mutation[] | Promise<readonly Mutation[]>,
  goesOn: (waiting: Mutation, refused: Mutation) => boolean = () => true,
): Promise<void> {
  const parked = store.parked.find((one) => one.id === id)
  if (!parked) throw new TidemarkError('parked-missing', undefined, { key: id })
  const all = parked.waiting.filter((one) => goesOn(one, parked.mutation))
  all.splice(parked.ahead ?? 0, 0, ...(await become(parked)))
  // A refused id is used up; what is sent again has a new one.
  const append = all.map((one) => ({ ...one, id: context.mutationId() }))
  if (!(await store.commit({ unpark: [id], append })))
    throw new TidemarkError('parked-missing', undefined, { key: id })
}

/** What the edited mutation says now; nothing when it changes nothing any more. */
async function prepareEdited(
  { store, context }: Session,
  mutation: Mutation,
  patch: Columns,
): Promise<readonly Mutation[]> {
  const table = store.tables.get(mutation.table)
  if (!table || mutation.op === 'delete') return [mutation]
  const { op, key, group } = mutation
  const said = { ...omit(mutation.patch, mutation.local ?? []), ...patch }
  const prepared =
    op === 'insert'
      ? prepareInsert(table, said, null, context)
      : prepareUpdate(table, key, await store.load(table, key), said, context)
  return prepared ? [{ ...prepared.mutation, group }] : []
}
