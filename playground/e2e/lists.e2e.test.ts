import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accessibility } from './accessibility.ts'
import { openStage, type Stage } from './devices.ts'

const shots = join(import.meta.dirname, '__screenshots__')
let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 120_000)
afterAll(() => stage.close())

const rows = (sql: string) => stage.playground.server.sql(sql)

test('an event moved by pointer or keyboard is moved for all; hidden with its calendar, it is hidden on both devices of its user', async () => {
  const { page, svelte, vue, problems } = await stage.open()
  await page.getByRole('button', { name: 'Ada on both' }).click()
  await svelte.isSynced()
  await vue.isSynced()
  await svelte.create(page, 'Wanderer', { calendar: 'Travel' })
  const { to } = await svelte.drag(page, /Wanderer/)
  await expect.poll(() => vue.dayOf(/Wanderer/), { timeout: 10_000 }).toBe(to)
  expect(await svelte.at.getByRole('dialog').count(), 'a move opens nothing').toBe(0)
  const dayBefore = new Date(Date.parse(to) - 86_400_000).toISOString().slice(0, 10)
  await vue.at
    .getByTestId('grid')
    .getByRole('button', { name: /Wanderer/ })
    .focus()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect.poll(() => svelte.dayOf(/Wanderer/), { timeout: 10_000 }).toBe(dayBefore)

  const calendars = await vue.list('Calendars')
  await calendars.getByRole('checkbox', { name: 'Travel' }).uncheck()
  await vue.hides(/Wanderer/)
  await svelte.hides(/Wanderer/)
  await (await svelte.list('Calendars')).getByRole('checkbox', { name: 'Travel' }).check()
  await vue.shows(/Wanderer/)
  expect(problems).toEqual([])
  await page.context().close()
}, 90_000)

test('a day that is marked in the grid is the day of the new event', async () => {
  const { page, svelte, vue } = await stage.open()
  await svelte.isSynced()
  await vue.isSynced()
  for (const device of [svelte, vue]) {
    const cell = device.at.getByTestId('grid').locator('[data-date]').last()
    const day = await cell.getAttribute('data-date')
    await cell.click({ position: { x: 5, y: 5 } })
    const editor = device.at.getByRole('dialog', { name: 'New event' })
    expect(await editor.getByLabel('Start date').inputValue()).toBe(day)
    expect(await editor.getByLabel('End date').inputValue()).toBe(day)
    expect(await editor.getByRole('checkbox', { name: 'All day' }).isChecked()).toBe(true)
    await editor.getByLabel('Title').fill('Marked')
    await device.press('Save')
    expect(await device.dayOf(/Marked/)).toBe(day)
  }
  await page.context().close()
}, 90_000)

test('an invitation is answered beside the calendar, and the answer can be taken back there', async () => {
  const { page, svelte, vue } = await stage.open()
  await svelte.isSynced()
  await vue.isSynced()
  await svelte.create(page, 'Come along')
  await expect.poll(() => svelte.number('pending'), { timeout: 10_000 }).toBe(0)
  await rows(
    `insert into public.event_user_roles (event_id, user_id, role)
     select e.id, u.id, 'viewer' from public.events e, public.user_profiles u
     where e.title = 'Come along' and u.email = 'ben@tidemark.dev'`,
  )
  await vue.shows(/Come along/)
  const card = (await vue.list('Invitations')).getByRole('article', { name: 'Come along' })
  const answer = () =>
    rows(
      `select rsvp from public.event_user_roles r join public.events e on e.id = r.event_id
       join public.user_profiles u on u.id = r.user_id where e.title = 'Come along' and u.email = 'ben@tidemark.dev'`,
    )
  const accept = card.getByRole('button', { name: 'Accept' })
  await accept.click()
  await expect.poll(answer, { timeout: 10_000 }).toEqual([{ rsvp: 'accepted' }])
  expect(await accept.evaluate((button) => button === document.activeElement), 'the focus stays').toBe(true)
  await accept.click()
  await expect.poll(answer, { timeout: 10_000 }).toEqual([{ rsvp: null }])
  await page.context().close()
}, 90_000)

test('what both sides changed while an event is edited is asked about, and the choice is what all see', async () => {
  const { page, svelte, vue } = await stage.open()
  await page.getByRole('button', { name: 'Ada on both' }).click()
  await svelte.isSynced()
  await vue.isSynced()
  await svelte.create(page, 'Draft of a title')
  await expect.poll(() => svelte.number('pending'), { timeout: 10_000 }).toBe(0)
  await svelte.open(/Draft of a title/)
  const editor = svelte.at.getByRole('dialog')
  await editor.getByLabel('Title').fill('Title from here')
  await rows("update public.events set title = 'Title from elsewhere' where title = 'Draft of a title'")
  await editor.getByRole('button', { name: 'Compare and choose' }).click()
  await svelte.press('Take all of theirs')
  await svelte.press('Apply the choice')
  await svelte.press('Save')
  await svelte.shows(/Title from elsewhere/)
  await vue.shows(/Title from elsewhere/)
  expect(await rows("select 1 from public.events where title = 'Title from here'")).toEqual([])
  await page.context().close()
}, 90_000)

test('the lists and the outbox have no accessibility finding', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, svelte } = await stage.open({ colorScheme })
    await svelte.isSynced()
    for (const name of ['Calendars', 'Invitations', 'Categories', 'Work periods', 'Assistant', 'Archive'])
      await svelte.list(name)
    await page.screenshot({ path: join(shots, `${colorScheme}-lists.png`), fullPage: true })
    expect(await accessibility(page, (axe) => axe.include('.lists:not([hidden])'))).toEqual([])
    await svelte.at.getByRole('button', { name: 'Outbox' }).click()
    expect(await accessibility(page, (axe) => axe.include('dialog'))).toEqual([])
    await page.context().close()
  }
}, 120_000)
