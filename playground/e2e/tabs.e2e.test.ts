import { afterAll, beforeAll, expect, test } from 'vitest'
import { OnePage, openStage, type Stage } from './devices.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 120_000)
afterAll(() => stage.close())

test('R9: two tabs of one device show the same, and when the leading one is closed the other takes over', async () => {
  const { page, context, svelte } = await stage.open()
  await svelte.isSynced()
  const second = await context.newPage()
  await second.goto(stage.playground.pageUrl)
  const other = new OnePage(second, 'svelte')
  await other.isSynced()
  await other.create(second, 'Written in the second tab')
  await svelte.shows(/Written in the second tab/)
  await expect.poll(() => svelte.number('pending'), { timeout: 10_000 }).toBe(0)
  await expect.poll(() => other.number('pending'), { timeout: 10_000 }).toBe(0)
  await page.close()
  await expect
    .poll(() => second.locator('#svelte .facts').textContent(), { timeout: 10_000 })
    .toContain('leader')
  await other.create(second, 'Written by the new leader')
  await expect
    .poll(
      () =>
        stage.playground.server.sql("select 1 from public.events where title = 'Written by the new leader'"),
      { timeout: 10_000 },
    )
    .toHaveLength(1)
  const twice = await stage.playground.server.sql(
    "select 1 from public.events where title = 'Written in the second tab'",
  )
  expect(twice).toHaveLength(1)
  await context.close()
}, 60_000)

test('a tab that is killed between write and push loses nothing', async () => {
  const { page, context, svelte } = await stage.open()
  await svelte.isSynced()
  await svelte.at.getByLabel('Latency').selectOption('2000')
  await svelte.create(page, 'Written before the end')
  await page.close()
  const again = await context.newPage()
  await again.goto(stage.playground.pageUrl)
  const device = new OnePage(again, 'svelte')
  await device.shows(/Written before the end/)
  await expect
    .poll(
      () => stage.playground.server.sql("select 1 from public.events where title = 'Written before the end'"),
      { timeout: 20_000 },
    )
    .toHaveLength(1)
  await context.close()
}, 60_000)

test('R7: the second user of a browser sees nothing of the first, whose pending writes wait for them', async () => {
  const { page, context, svelte } = await stage.open()
  await svelte.isSynced()
  await svelte.bench('Session expired', true)
  await svelte.create(page, 'Secret of Ada')
  await expect.poll(() => svelte.status().textContent(), { timeout: 15_000 }).toMatch(/Sign-in needed/)
  await svelte.bench('Session expired', false)
  await svelte.user('Ben')
  await svelte.hides(/Secret of Ada/)
  await svelte.isSynced()
  await svelte.user('Ada')
  await svelte.shows(/Secret of Ada/)
  await context.close()
}, 60_000)
