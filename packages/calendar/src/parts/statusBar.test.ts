import type { Status, StatusFacts } from '@tidemark/core'
import { expect, test } from 'vitest'
import { toldOf, toldText } from './announcer.js'
import { languages } from './locale.js'
import { signInNotice, storageNotice } from './notices.js'
import { statusView } from './statusBar.js'

const ui = { locale: 'en-GB', timeZone: 'Europe/Berlin', messages: languages.en }
const at = Date.parse('2026-03-02T09:20:00Z')
const error = { code: 'server-busy', message: 'busy' } as const
const facts: StatusFacts = {
  pending: 0,
  parked: 0,
  quarantined: 0,
  leader: true,
  realtime: 'joined',
  modes: { events: 'exact' },
  persisted: true,
  pruned: 0,
}
const all: Status[] = [
  { name: 'stopped' },
  { name: 'starting' },
  { ...facts, name: 'offline' },
  { ...facts, name: 'syncing' },
  { ...facts, name: 'synced', at },
  { ...facts, name: 'retrying', error, until: at },
  { ...facts, name: 'needs-sign-in', reason: 'expired' },
  { name: 'storage-blocked' },
  { name: 'storage-failed', error: { code: 'storage-full', message: 'full' } },
]
const texts = (status: Status): string[] => statusView(status, ui).facts.map(({ text }) => text)

test('every status has a name and a hint in every language', () => {
  for (const messages of Object.values(languages))
    for (const status of all) {
      const { label, hint } = statusView(status, { ...ui, messages })
      expect(label.length * hint.length).toBeGreaterThan(0)
    }
})

test('what waits, was refused or could not be read is counted, as the locale writes numbers', () => {
  const status: Status = { ...facts, name: 'offline', pending: 1234, parked: 2, quarantined: 3 }
  expect(texts(status)).toEqual([
    'Waiting to be sent: 1,234',
    'Refused: 2',
    'Left out, unreadable: 3',
    'Exact',
  ])
})

test('another leader, lost live changes and best effort are told', () => {
  const status: Status = {
    ...facts,
    name: 'synced',
    at,
    leader: false,
    realtime: 'lost',
    modes: { events: 'exact', calendars: 'plain' },
  }
  expect(texts(status)).toEqual([
    'Last synced: 10:20',
    'Live changes interrupted, checking regularly',
    'Another tab syncs',
    'Best effort',
  ])
})

test('a storage notice takes the code of the status before that of a write, and leaves other errors alone', () => {
  const code = (status: Status | undefined, thrown?: unknown) => storageNotice(status, thrown, ui)?.code
  expect(all.map((status) => code(status)).filter((found) => found !== undefined)).toEqual([
    'storage-blocked',
    'storage-full',
  ])
  expect(code({ name: 'starting' }, { code: 'storage-full' })).toBe('storage-full')
  expect(code({ name: 'starting' }, error)).toBeUndefined()
})

test('R8: a sign-in notice says what is kept only when something waits', () => {
  const status = { ...facts, name: 'needs-sign-in', reason: 'signed-out' } as const
  expect(signInNotice(status, ui)?.kept).toBeUndefined()
  expect(signInNotice({ ...status, pending: 2 }, ui)?.pending).toBe('Waiting to be sent: 2')
})

test('syncing that changes nothing for the user is not announced', () => {
  const synced: Status = { ...facts, name: 'synced', at }
  const syncing: Status = { ...facts, name: 'syncing' }
  expect(toldOf(synced, syncing)).toBeUndefined()
  expect(toldText(toldOf({ ...syncing, pending: 1 }, synced), ui)).toBe('All changes are sent.')
  expect(toldText(toldOf({ ...facts, name: 'offline' }, synced), ui)).toBe('Online again.')
  expect(toldOf({ ...syncing, pending: 1 }, { ...syncing, parked: 1 })).toEqual({ name: 'refused', count: 1 })
})
