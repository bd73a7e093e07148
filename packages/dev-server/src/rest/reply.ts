import type { Reply } from '../context.js'
import { maxRows } from './compile/select.js'
import { RestError } from './errors.js'
import type { Plan } from './plan.js'
import { appliedHeader, type Preferences } from './request/preferences.js'
import type { Outcome } from './transaction.js'

/** The answer to a request that was run. */
export function replyWith(plan: Plan, outcome: Outcome): Reply {
  const reply =
    plan.action === 'read' || plan.action === 'call'
      ? replyWithRows(plan, outcome)
      : replyToWrite(plan, outcome)
  const headers = { ...common(plan), ...reply.headers, ...chosenHeaders(outcome) }
  const status = outcome.response_status === null ? reply.status : Number(outcome.response_status)
  return { ...reply, status, headers }
}

function replyWithRows(plan: Plan, outcome: Outcome): Reply {
  const { target, query, media } = plan
  const total = totalOf(plan.preferences, outcome)
  const headers = { 'Content-Range': range(query.offset, outcome.count, total) }
  if (target?.returns === 'void') return { status: 204, headers }
  if (total !== undefined && query.offset > total) throw outOfRange(query.offset, total)
  const isPartial = total !== undefined && outcome.count < total
  return {
    status: isPartial ? 206 : 200,
    headers: { ...headers, 'Content-Type': media.contentType },
    body: outcome.body,
  }
}

function replyToWrite(plan: Plan, outcome: Outcome): Reply {
  const { action, preferences, media } = plan
  const total = preferences.count === undefined ? '*' : String(outcome.count)
  const headers = {
    'Content-Range': `${action === 'update' && outcome.count > 0 ? `0-${String(outcome.count - 1)}` : '*'}/${total}`,
    ...locationOf(plan, outcome),
  }
  if (preferences.return !== 'representation') {
    // Without a body an insert is still 201; the type belongs to no body and is left out.
    return { status: action === 'insert' ? insertStatus(plan, outcome) : 204, headers }
  }
  const status = action === 'insert' ? insertStatus(plan, outcome) : 200
  return { status, headers: { ...headers, 'Content-Type': media.contentType }, body: outcome.body }
}

/** A merge that found every row there has created nothing. */
function insertStatus({ preferences }: Plan, { count, updated }: Outcome): number {
  return preferences.resolution === 'merge-duplicates' && updated === count ? 200 : 201
}

function totalOf({ count }: Preferences, { total, planned, count: shown }: Outcome): number | undefined {
  if (count === undefined) return undefined
  if (total !== null) return Number(total)
  // An estimate below what was seen is known to be wrong.
  if (count === 'estimated' && shown < maxRows) return Math.max(shown, planned ?? 0)
  return planned ?? shown
}

/** `0-9/25`, `*` for what is empty or not known. */
function range(offset: number, count: number, total: number | undefined): string {
  const shown = count === 0 ? '*' : `${String(offset)}-${String(offset + count - 1)}`
  return `${shown}/${total === undefined ? '*' : String(total)}`
}

const outOfRange = (offset: number, total: number) =>
  new RestError(
    416,
    {
      code: 'PGRST103',
      message: 'Requested range not satisfiable',
      details: `An offset of ${String(offset)} was requested, but there are only ${String(total)} rows.`,
    },
    { 'Content-Range': `*/${String(total)}` },
  )

function locationOf({ name }: Plan, { keys, count }: Outcome): Record<string, string> {
  if (keys === null || count !== 1) return {}
  const filters = Object.entries(keys).map(
    ([key, value]) => `${encodeURIComponent(key)}=eq.${encodeURIComponent(value)}`,
  )
  return { Location: `/${encodeURIComponent(name)}?${filters.join('&')}` }
}

const applicable: Readonly<Record<Plan['action'], readonly (keyof Preferences)[]>> = {
  read: ['count', 'handling'],
  call: ['count', 'tx', 'handling', 'maxAffected'],
  insert: ['resolution', 'missing', 'return', 'count', 'tx', 'handling'],
  update: ['return', 'count', 'tx', 'handling', 'maxAffected'],
  delete: ['return', 'count', 'tx', 'handling', 'maxAffected'],
}

const common = ({ action, preferences }: Plan) => ({
  'Content-Profile': 'public',
  ...appliedHeader(preferences, applicable[action]),
})

/** `set_config('response.headers', '[{"X": "y"}]', true)` of a function. */
function chosenHeaders({ response_headers }: Outcome): Record<string, string> {
  if (response_headers === null) return {}
  try {
    const list: unknown = JSON.parse(response_headers)
    if (Array.isArray(list))
      return Object.assign({}, ...(list as Record<string, string>[])) as Record<string, string>
  } catch {
    // Told below, as any other value that is no list of headers.
  }
  throw new RestError(500, {
    code: 'PGRST111',
    message:
      'response.headers guc must be a JSON array composed of objects with a single key and a string value',
  })
}
