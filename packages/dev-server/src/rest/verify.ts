import type { OutcomeRow } from './compile/envelope.js'
import { RestError } from './errors.js'
import type { Plan } from './plan.js'

/**
 * What the caller demands of the rows; looked at before the transaction ends, so that a write that
 * does not fulfil it is not kept.
 * @throws RestError PGRST116, PGRST124, PGRST128
 */
export function verify(plan: Plan, { count }: OutcomeRow): void {
  const { preferences, media } = plan
  const { maxAffected } = preferences
  if (
    preferences.handling === 'strict' &&
    maxAffected !== undefined &&
    limitsRows(plan) &&
    count > maxAffected
  ) {
    throw tooMany(plan, count)
  }
  if (media.shape === 'object' && givesRows(plan) && count !== 1) throw notOne(count)
}

const limitsRows = ({ action }: Plan) => action === 'update' || action === 'delete' || action === 'call'

const givesRows = ({ action, preferences, target }: Plan) =>
  action === 'read' ||
  (action === 'call' ? target?.returnsSet === true : preferences.return === 'representation')

const tooMany = ({ action }: Plan, count: number) =>
  new RestError(400, {
    code: action === 'call' ? 'PGRST128' : 'PGRST124',
    message: 'Query result exceeds max-affected preference constraint',
    details: `The query affects ${String(count)} rows`,
  })

const notOne = (count: number) =>
  new RestError(406, {
    code: 'PGRST116',
    message: 'Cannot coerce the result to a single JSON object',
    details: `The result contains ${String(count)} rows`,
  })
