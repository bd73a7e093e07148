import { describe, expect, test } from 'vitest'
import { TidemarkError } from '../base/errors.js'
import { classify, parseRetryAfter, RemoteError, type RemoteErrorKind } from './errors.js'

describe('a failed request is judged by its code first, then by its status', () => {
  test.each<[what: string, status: number, code: string | undefined, kind: RemoteErrorKind]>([
    ['no answer', 0, undefined, 'retry'],
    ['a request time-out', 408, undefined, 'retry'],
    ['a body too large', 413, undefined, 'retry'],
    ['an address too long', 414, undefined, 'retry'],
    ['too early', 425, undefined, 'retry'],
    ['too many requests', 429, undefined, 'retry'],
    ['headers too large', 431, undefined, 'retry'],
    ['a broken server', 500, undefined, 'retry'],
    ['a broken gateway', 502, undefined, 'retry'],
    ['an unavailable server', 503, undefined, 'retry'],
    ['a gateway time-out', 504, undefined, 'retry'],
    ['an unknown error of the edge', 520, undefined, 'retry'],
    ['a serialization failure', 500, '40001', 'retry'],
    ['a deadlock', 500, '40P01', 'retry'],
    ['a cancelled statement', 500, '57014', 'retry'],
    ['a server that shuts down', 503, '57P01', 'retry'],
    ['a lock that was not available', 500, '55P03', 'retry'],
    ['too many connections', 503, '53300', 'retry'],
    ['a full disk', 500, '53100', 'retry'],
    ['a lost database connection', 503, '08006', 'retry'],
    ['a database that takes no writes now', 405, '25006', 'retry'],
    ['PostgREST without a database', 503, 'PGRST000', 'retry'],
    ['PostgREST whose database is away', 503, 'PGRST001', 'retry'],
    ['PostgREST that has no schema yet', 503, 'PGRST002', 'retry'],
    ['PostgREST without a free connection', 504, 'PGRST003', 'retry'],
    ['an internal error of Postgres', 500, 'XX000', 'retry'],
    ['an expired token', 401, 'PGRST303', 'sign-in'],
    ['an expired token, told by an older PostgREST', 401, 'PGRST301', 'sign-in'],
    ['a request in nobody’s name', 401, '42501', 'sign-in'],
    ['a gateway that wants a key', 401, undefined, 'sign-in'],
    ['a policy', 403, '42501', 'refused'],
    ['a duplicate key', 409, '23505', 'refused'],
    ['a missing parent', 409, '23503', 'refused'],
    ['a missing value', 400, '23502', 'refused'],
    ['a check', 400, '23514', 'refused'],
    ['a malformed value', 400, '22P02', 'refused'],
    ['an exception that the app raised', 400, 'P0001', 'refused'],
    ['a query in a trigger that found nothing', 500, 'P0002', 'refused'],
    ['a policy that goes in circles', 500, '42P17', 'refused'],
    ['a subquery with more than one row', 500, '21000', 'refused'],
    ['a filter that cannot be parsed', 400, 'PGRST100', 'refused'],
    ['an unknown column', 400, 'PGRST204', 'refused'],
    ['an unknown table', 404, 'PGRST205', 'refused'],
    ['a status that the app raised', 409, 'PT409', 'refused'],
    ['a status for later that the app raised', 503, 'PT503', 'retry'],
    ['an ambiguous request', 300, 'PGRST203', 'refused'],
    ['any other refusal', 418, undefined, 'refused'],
  ])('%s: %i %s', (_what, status, code, kind) => {
    expect(classify(status, code)).toBe(kind)
  })
})

test('a remote error says what happened, and what to do next', () => {
  const error = new RemoteError({ status: 409, serverCode: '23505', message: 'duplicate key', cause: 'body' })
  expect(error).toBeInstanceOf(TidemarkError)
  expect(error).toMatchObject({ name: 'RemoteError', code: 'refused', kind: 'refused', tooLarge: false })
  expect(error).toMatchObject({ status: 409, serverCode: '23505', message: 'duplicate key', cause: 'body' })
  expect(error.fix).toContain('discard')
})

test.each([
  [0, 'offline'],
  [503, 'server-busy'],
  [401, 'sign-in'],
  [400, 'refused'],
] as const)('status %i has the code %s', (status, code) => {
  expect(new RemoteError({ status, message: '' }).code).toBe(code)
})

test.each([413, 414, 431])('status %i asks for less at once', (status) => {
  expect(new RemoteError({ status, message: '' })).toMatchObject({ kind: 'retry', tooLarge: true })
})

test.each([
  [null, undefined],
  ['120', 120_000],
  ['0', 0],
  ['Sat, 21 Nov 2026 10:00:05 GMT', 5_000],
  ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
])('Retry-After: %s is %s ms from now', (header, expected) => {
  expect(parseRetryAfter(header, Date.parse('2026-11-21T10:00:00Z'))).toBe(expected)
})
