import type { OutcomeRow } from './compile/envelope.js'
import { otherKey } from './compile/put.js'
import { RestError } from './errors.js'
import type { Plan } from './plan/plan.js'

/**
 * What the caller demands of the rows; looked at before the transaction ends, so that a write that
 * does not fulfil it is not kept.
 * @throws RestError PGRST115, PGRST116, PGRST124
 */
export function verify(plan: Plan, row: OutcomeRow): void {
  const count = Number(row.count)
  const { handling, maxAffected = Infinity } = plan.preferences
  if (plan.action === 'put' && count !== 1) throw otherKey()
  if (plan.action !== 'put' && plan.media.shape === 'object' && count !== 1) throw notOne(row.count)
  if (handling === 'strict' && limitsRows(plan) && count > maxAffected) throw tooMany(row.count)
}

const limitsRows = ({ action }: Plan) => action === 'update' || action === 'delete' || action === 'call'

const tooMany = (count: string) =>
  new RestError(400, {
    code: 'PGRST124',
    message: 'Query result exceeds max-affected preference constraint',
    details: `The query affects ${count} rows`,
  })

const notOne = (count: string) =>
  new RestError(406, {
    code: 'PGRST116',
    message: 'Cannot coerce the result to a single JSON object',
    details: `The result contains ${count} rows`,
  })
