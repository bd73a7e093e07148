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
   * Sends a parked mutation again, with those that wait for it. Resolves when it is back in the outbox.
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

export async function retryParked(session: Session, id: string): Promise<void> {
  const { mutation, waiting } = mustFind(session, id)
  await session.store.commit({
    unpark: [id],
    append: [mutation, ...waiting].map((one) => anew(session, one)),
  })
}

export async function editParked(session: Session, id: string, patch: Columns): Promise<void> {
  const { mutation, waiting } = mustFind(session, id)
  const edited = await prepareEdited(session, mutation, patch)
  const append = [...(edited ? [edited] : []), ...waiting.map((one) => anew(session, one))]
  await session.store.commit({ unpark: [id], append })
}

export async function discardParked(session: Session, id: string): Promise<void> {
  const { mutation, waiting } = mustFind(session, id)
  const sameRow = (one: Mutation) => one.table === mutation.table && keyId(one.key) === keyId(mutation.key)
  const left = mutation.op === 'insert' ? waiting.filter((one) => !sameRow(one)) : waiting
  await session.store.commit({ unpark: [id], append: left.map((one) => anew(session, one)) })
}

function mustFind(session: Session, id: string): Parked {
  const parked = session.store.parked.find((one) => one.id === id)
  if (!parked) throw new TidemarkError('parked-missing', undefined, { key: id })
  return parked
}

/** A refused id is used up; what is sent again has a new one. */
const anew = ({ context }: Session, mutation: Mutation): Mutation => ({
  ...mutation,
  id: context.mutationId(),
})

async function prepareEdited(
  session: Session,
  mutation: Mutation,
  patch: Columns,
): Promise<Mutation | undefined> {
  const { store, context } = session
  const table = store.tables.get(mutation.table)
  if (!table || mutation.op === 'delete') return anew(session, mutation)
  const said = { ...omit(mutation.patch, mutation.local ?? []), ...patch }
  if (mutation.op === 'insert') return prepareInsert(table, said, null, context).mutation
  const visible = await store.load(table, mutation.key)
  return prepareUpdate(table, mutation.key, visible, said, context)?.mutation
}
