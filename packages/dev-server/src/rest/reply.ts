import type { Reply } from '../context.js'
import { chosenHeaders, chosenStatus } from './chosen.js'
import type { Plan } from './plan/plan.js'
import { appliedHeader, type Preferences } from './request/preferences.js'
import { unsatisfiable } from './request/range.js'
import { totalOf } from './total.js'
import type { Outcome } from './transaction.js'

/**
 * The answer to a request that was run.
 * @throws RestError PGRST103, PGRST111, PGRST112
 */
export function replyWith(plan: Plan, outcome: Outcome): Reply {
  const reply = plan.media.plan ? replyWithPlan(plan, outcome) : replyByAction[plan.action](plan, outcome)
  const status = chosenStatus(outcome) ?? reply.status
  const headers = withChosen({ ...reply.headers, ...appliedTo(plan) }, chosenHeaders(outcome))
  return { ...reply, status, headers }
}

type Headers = NonNullable<Reply['headers']>

/** A header that a function chose stands in the place of ours, however its name is written. */
function withChosen(headers: Headers, chosen: Headers): Headers {
  const names = new Set(Object.keys(chosen).map((name) => name.toLowerCase()))
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()))
  return { ...Object.fromEntries(kept), ...chosen }
}

const replyWithPlan = (plan: Plan, outcome: Outcome): Reply => ({ status: 200, ...bodyOf(plan, outcome) })

const replyByAction: Readonly<Record<Plan['action'], (plan: Plan, outcome: Outcome) => Reply>> = {
  read: replyToRead,
  call: replyToCall,
  insert: replyToInsert,
  update: (plan, { count, ...outcome }) => {
    const shown = `${count === '0' ? '*' : `0-${String(Number(count) - 1)}`}/${counted(plan, count)}`
    return replyToChange(plan, { count, ...outcome }, { 'Content-Range': shown })
  },
  delete: (plan, outcome) =>
    replyToChange(plan, outcome, { 'Content-Range': `*/${counted(plan, outcome.count)}` }),
  put: replyToPut,
}

function replyToRead(plan: Plan, outcome: Outcome): Reply {
  const { headers, ...reply } = replyWithRows(plan, outcome)
  return { ...reply, headers: { ...headers, 'Content-Location': locationOf(plan) } }
}

function replyToCall(plan: Plan, outcome: Outcome): Reply {
  const { headers, ...reply } = replyWithRows(plan, outcome)
  if (plan.target?.returns !== 'void') return { ...reply, ...(headers && { headers }) }
  return { status: 204, headers: { 'Content-Range': headers?.['Content-Range'] ?? '*/*' } }
}

function replyWithRows(plan: Plan, outcome: Outcome): Reply {
  const { offset } = plan.query
  const count = Number(outcome.count)
  const total = totalOf(plan, outcome)
  if (total !== undefined && offset > total) throw outOfRange(offset, total)
  const { headers, body } = bodyOf(plan, outcome)
  return {
    status: total !== undefined && count < total ? 206 : 200,
    headers: { ...headers, 'Content-Range': range(offset, count, total) },
    body,
  }
}

/** `0-9/25`, `*` for what is empty or not known. */
function range(offset: number, count: number, total: number | undefined): string {
  const shown = count === 0 || total === 0 ? '*' : `${String(offset)}-${String(offset + count - 1)}`
  return `${shown}/${total === undefined ? '*' : String(total)}`
}

const outOfRange = (offset: number, total: number) =>
  unsatisfiable(`An offset of ${String(offset)} was requested, but there are only ${String(total)} rows.`, {
    'Content-Range': `*/${String(total)}`,
  })

function replyToInsert(plan: Plan, outcome: Outcome): Reply {
  const { keys, count, updated } = outcome
  const isMerge = plan.preferences.resolution === 'merge-duplicates'
  const location = keys === null || count !== '1' ? {} : { Location: placeOf(plan, keys) }
  return {
    // A merge that found every row there has created nothing.
    ...replyToChange(plan, outcome, { 'Content-Range': `*/${counted(plan, count)}`, ...location }),
    status: isMerge && updated === count ? 200 : 201,
  }
}

function replyToPut(plan: Plan, outcome: Outcome): Reply {
  const reply = replyToChange(plan, outcome, {})
  return reply.status === 200 && outcome.updated === '0' ? { ...reply, status: 201 } : reply
}

/** Without a body there is no type either. */
function replyToChange(plan: Plan, outcome: Outcome, headers: Record<string, string>): Reply {
  if (plan.preferences.return !== 'representation') return { status: 204, headers }
  const written = bodyOf(plan, outcome)
  return { status: 200, body: written.body, headers: { ...written.headers, ...headers } }
}

const bodyOf = ({ media, schema }: Plan, { body }: Outcome) => ({
  headers: { 'Content-Type': media.contentType, 'Content-Profile': schema.name },
  body: media.handler?.isBinary && !media.plan ? Buffer.from(body ?? '', 'hex') : (body ?? ''),
})

const counted = ({ preferences: { count } }: Plan, written: string) =>
  count === 'exact' || count === 'estimated' ? written : '*'

/** What was asked, in one form for all ways to ask it. */
function locationOf({ name, request: { url } }: Plan): string {
  const sorted = [...url.searchParams].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const query = sorted
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`)
    .join('&')
  return `/${encodeURIComponent(name)}${query === '' ? '' : `?${query}`}`
}

/** Where the new row is to be found. */
function placeOf({ name }: Plan, keys: string): string {
  const filters = Object.entries(JSON.parse(keys) as Record<string, string | null>).map(([key, value]) => {
    const filter = value === null ? 'is.null' : `eq.${encodeURIComponent(value)}`
    return `${encodeURIComponent(key)}=${filter}`
  })
  return `/${encodeURIComponent(name)}?${filters.join('&')}`
}

const always = ['count', 'tx', 'handling', 'timezone'] as const
const applicable: Readonly<Record<Plan['action'], readonly (keyof Preferences)[]>> = {
  read: always,
  call: [...always, 'maxAffected'],
  insert: [...always, 'resolution', 'missing', 'return'],
  put: [...always, 'return'],
  update: [...always, 'missing', 'return', 'maxAffected'],
  delete: [...always, 'return', 'maxAffected'],
}

function appliedTo({ action, preferences, canConflict }: Plan): Record<string, string> {
  const names = applicable[action].filter((name) => name !== 'resolution' || canConflict === true)
  return appliedHeader(preferences, names)
}
