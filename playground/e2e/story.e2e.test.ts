import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibility } from './accessibility.ts'
import { openStage, type Stage } from './devices.ts'

const shots = join(import.meta.dirname, '__screenshots__')
/** Findings in FullCalendar's own markup, which is not ours to change. */
const ofTheGrid = ['empty-table-header', 'label-content-name-mismatch']
let stage: Stage

beforeAll(async () => {
  mkdirSync(shots, { recursive: true })
  stage = await openStage()
}, 120_000)
afterAll(() => stage.close())

test('two devices edit offline, reload offline, reconnect and converge', async () => {
  const { page, svelte, vue, problems, requests } = await stage.open()
  await svelte.isSynced()
  await vue.isSynced()
  await page.screenshot({ path: join(shots, 'wide.png'), fullPage: true })
  await page.getByRole('button', { name: 'Ada on both' }).click()
  await vue.isSynced()

  await svelte.create(page, 'Seen at once')
  await vue.shows(/Seen at once/)

  await svelte.bench('Offline', true)
  await vue.bench('Offline', true)
  await svelte.create(page, 'Made offline in Svelte')
  await vue.create(page, 'Made offline in Vue')
  expect(await svelte.number('pending')).toBeGreaterThan(0)
  await svelte.hides(/Made offline in Vue/)

  requests.length = 0
  await page.reload()
  await svelte.shows(/Made offline in Svelte/)
  await vue.shows(/Made offline in Vue/)
  expect(requests, 'requests to the server while both are offline').toEqual([])

  await svelte.bench('Offline', false)
  await vue.bench('Offline', false)
  await svelte.shows(/Made offline in Vue/)
  await vue.shows(/Made offline in Svelte/)
  await svelte.isSynced()
  await vue.isSynced()
  expect(await svelte.number('pending')).toBe(0)
  expect(await vue.number('pending')).toBe(0)

  await vue.open(/Made offline in Svelte/)
  await vue.press('Delete')
  await vue.press('Yes, delete it')
  await svelte.hides(/Made offline in Svelte/)
  await svelte.open(/Made offline in Vue/)
  await svelte.press('Archive')
  await vue.hides(/Made offline in Vue/)
  const archive = await vue.list('Archive')
  await archive.getByText(/Made offline in Vue/).waitFor()
  await archive.getByRole('button', { name: /Unarchive Made offline in Vue/ }).click()
  await svelte.shows(/Made offline in Vue/)
  expect(problems).toEqual([])
  await page.context().close()
}, 90_000)

test('a refused change is rolled back, shown and can be discarded; nothing else is held up', async () => {
  const { page, svelte, vue } = await stage.open()
  await svelte.isSynced()
  await vue.isSynced()
  await svelte.create(page, 'Refusal')
  await expect.poll(() => svelte.number('pending'), { timeout: 10_000 }).toBe(0)
  const [event] = await stage.playground.server.sql<{ id: string }>(
    "select id from public.events where title = 'Refusal'",
  )
  await stage.playground.server.sql(
    `insert into public.event_user_roles (event_id, user_id, role)
     select $1, id, 'viewer' from public.user_profiles where email = 'ben@tidemark.dev'`,
    [event?.id],
  )
  await vue.shows(/Refusal/)
  await vue.open(/Refusal/)
  expect(await vue.at.getByRole('dialog').getByLabel('Title').isDisabled(), 'it is not theirs to edit').toBe(
    true,
  )
  await vue.press('Close')
  const { from } = await vue.drag(page, /Refusal/)
  await expect.poll(() => vue.number('parked'), { timeout: 10_000 }).toBe(1)
  await vue.shows(/Refusal/)
  await expect.poll(() => vue.dayOf(/Refusal/), { timeout: 10_000 }).toBe(from)
  await vue.create(page, 'Goes through')
  await vue.isSynced()
  expect(await vue.number('pending')).toBe(0)
  await vue.at.getByRole('button', { name: 'Outbox' }).click()
  await vue.press('Discard')
  await vue.press('Yes, discard')
  await vue.at.getByText('Everything has been sent.').waitFor()
  await expect.poll(() => vue.number('parked')).toBe(0)
  await page.context().close()
}, 120_000)

test('an expired session pauses the push and loses nothing', async () => {
  const { page, svelte } = await stage.open()
  await svelte.isSynced()
  await svelte.bench('Session expired', true)
  await svelte.create(page, 'Written without a session')
  await expect.poll(() => svelte.status().textContent(), { timeout: 15_000 }).toMatch(/Sign-in needed/)
  expect(await svelte.number('pending')).toBeGreaterThan(0)
  await svelte.bench('Session expired', false)
  await svelte.at.getByRole('alert').getByRole('button', { name: 'Sign in' }).click()
  await svelte.isSynced()
  const rows = await stage.playground.server.sql(
    "select 1 from public.events where title = 'Written without a session'",
  )
  expect(rows).toHaveLength(1)
  await page.context().close()
}, 120_000)

for (const [scheme, width] of [
  ['light', 1500],
  ['dark', 1500],
  ['light', 420],
  ['dark', 420],
] as const) {
  test(`the page has no accessibility finding (${scheme}, ${width} px)`, async () => {
    const { page, svelte, vue, problems } = await stage.open({
      colorScheme: scheme,
      viewport: { width, height: 900 },
    })
    await svelte.isSynced()
    await vue.isSynced()
    await page.screenshot({ path: join(shots, `${scheme}-${width}.png`), fullPage: true })
    expect(await accessibility(page, (axe) => axe.disableRules(ofTheGrid))).toEqual([])
    await svelte.at.getByRole('button', { name: 'New event' }).click()
    await svelte.at.getByRole('dialog').waitFor()
    await page.screenshot({ path: join(shots, `${scheme}-${width}-editor.png`) })
    expect(await accessibility(page, (axe) => axe.include('dialog'))).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)
}

test('a calendar file is imported, and a broken one names its line and changes nothing', async () => {
  const { page, svelte } = await stage.open()
  await svelte.isSynced()
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '')
  const file = (...body: string[]) =>
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//e2e//EN',
      'BEGIN:VEVENT',
      ...body,
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n')
  const input = svelte.at.getByLabel('Import .ics')
  const upload = (name: string, text: string) =>
    input.setInputFiles({ name, mimeType: 'text/calendar', buffer: Buffer.from(text) })
  await upload(
    'good.ics',
    file('UID:1', `DTSTART:${day}T090000Z`, 'DURATION:PT30M', 'SUMMARY:Imported meeting'),
  )
  await svelte.shows(/Imported meeting/)
  await svelte.at.getByText('1 event imported from good.ics.').waitFor()
  const count = async () => (await stage.playground.server.sql('select 1 from public.events')).length
  await svelte.isSynced()
  const before = await count()
  await upload('broken.ics', file('UID:2', 'DTSTART:yesterday', 'SUMMARY:Never'))
  await svelte.at
    .getByRole('alert')
    .getByText(/line 6/i)
    .waitFor()
  expect(await svelte.number('pending')).toBe(0)
  expect(await count()).toBe(before)
  await page.context().close()
}, 120_000)
