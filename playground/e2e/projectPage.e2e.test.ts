import { AxeBuilder } from '@axe-core/playwright'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage } from './devices.ts'
import { addProject, openProjects } from './projectDevices.ts'

const shots = join(import.meta.dirname, '__screenshots__')
let stage: Stage

beforeAll(async () => {
  mkdirSync(shots, { recursive: true })
  stage = await openStage()
}, 120_000)
afterAll(() => stage.close())

async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .map(({ html }) => html)
        .slice(0, 3)
        .join(' | ')}`,
  )
}

const subscribed = async (entityCode: string, id: string): Promise<number> => {
  const rows = await stage.playground.server.sql(
    'select from app.system_cache_subscription where entity_code = $1 and entity_id = $2',
    [entityCode, id],
  )
  return rows.length
}

for (const [scheme, width] of [
  ['light', 1500],
  ['dark', 1500],
  ['light', 420],
  ['dark', 420],
] as const) {
  test(`the page has no accessibility finding, in list, draft and conflict (${scheme}, ${width} px)`, async () => {
    const project = `AA look ${scheme} ${width}`
    const id = await addProject(stage, project)
    const { page, svelte, vue, problems, context } = await openProjects(stage, {
      colorScheme: scheme,
      viewport: { width, height: 900 },
    })
    for (const device of [svelte, vue]) await device.at.getByText('Employees and their roles').click()
    await svelte.at.getByLabel('Role of Cleo').waitFor()
    await vue.at.getByLabel('Role of Cleo').waitFor()
    await page.screenshot({ path: join(shots, `projects-${scheme}-${width}.png`), fullPage: true })
    expect(await findings(page)).toEqual([])
    for (const device of [svelte, vue]) {
      await device.hears('realtime')
      await device.open(project)
      await device.edit('Name', 'Mine')
    }
    await stage.playground.server.sql("update app.project set name = 'Theirs' where id = $1", [id])
    await svelte.conflict.waitFor({ timeout: 10_000 })
    await vue.conflict.waitFor({ timeout: 10_000 })
    await page.screenshot({ path: join(shots, `projects-${scheme}-${width}-conflict.png`), fullPage: true })
    expect(await findings(page)).toEqual([])
    expect(problems).toEqual([])
    await context.close()
  }, 120_000)
}

test('the pages are reached from each other by the keyboard, and say where one is', async () => {
  const { page, context } = await stage.open()
  const pages = page.getByRole('navigation', { name: 'Pages' })
  expect(await pages.getByRole('link', { name: 'Calendar' }).getAttribute('aria-current')).toBe('page')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForURL(/projects\.html$/)
  expect(await pages.getByRole('link', { name: 'Projects' }).getAttribute('aria-current')).toBe('page')
  await page.locator('#vue').getByTestId('list').waitFor()
  await context.close()
}, 120_000)

test('a project is opened, edited and left by the keyboard alone, and focus goes where one is', async () => {
  const project = 'AA keyboard'
  const id = await addProject(stage, project)
  const { page, svelte, vue, context } = await openProjects(stage)
  for (const device of [svelte, vue]) {
    await device.list.getByRole('button', { name: project }).focus()
    await page.keyboard.press('Enter')
    const heading = device.detail.getByRole('heading', { level: 3 })
    await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true)
    await device.detail.getByRole('button', { name: 'Edit', exact: true }).focus()
    await page.keyboard.press('Enter')
    await device.draft.getByLabel('Budget').focus()
    await page.keyboard.type('5')
    await page.keyboard.press('Enter')
    await device.draft.waitFor({ state: 'detached', timeout: 10_000 })
    await device.detail.getByRole('button', { name: '‹ All projects' }).focus()
    await page.keyboard.press('Enter')
    const list = device.list.getByRole('heading', { level: 3 })
    await expect.poll(() => list.evaluate((element) => element === document.activeElement)).toBe(true)
  }
  const [row] = await stage.playground.server.sql<{ version: string }>(
    'select version from app.project where id = $1',
    [id],
  )
  expect(Number(row?.version)).toBe(3)
  await context.close()
}, 120_000)

test('PubSub: what is no longer shown is no longer subscribed to, and nothing when the page is left', async () => {
  const project = 'AA leaving'
  const id = await addProject(stage, project)
  const [task] = await stage.playground.server.sql<{ id: string }>(
    "insert into app.task (project_id, title) values ($1, 'Shown') returning id",
    [id],
  )
  const { page, svelte, vue, context } = await openProjects(stage)
  const connections = async () => {
    const answer = await fetch(`${stage.playground.pubsubUrl.replace('ws', 'http')}/health`)
    return ((await answer.json()) as { connections: number }).connections
  }
  const ofTask = () => subscribed('task', task?.id ?? '')
  for (const device of [svelte, vue]) {
    await device.hears('pubsub')
    await device.open(project)
  }
  await expect.poll(ofTask, { timeout: 10_000 }).toBe(2)
  await svelte.press('‹ All projects')
  await expect.poll(ofTask, { timeout: 10_000 }).toBe(1)
  await vue.press('‹ All projects')
  await expect.poll(ofTask, { timeout: 10_000 }).toBe(0)
  expect(await subscribed('project', id), 'rows of the lists').toBe(2)
  await page.getByRole('link', { name: 'Calendar' }).click()
  await page.waitForURL(/\/$/)
  await expect.poll(() => subscribed('project', id), { timeout: 10_000 }).toBe(0)
  await expect.poll(connections, { timeout: 10_000 }).toBe(0)
  await context.close()
}, 120_000)

test('Supabase Realtime: a channel is left with what it was for, and all with the feed', async () => {
  const project = 'AA channel'
  const id = await addProject(stage, project)
  const { svelte, sockets, context } = await openProjects(stage)
  await svelte.hears('realtime')
  const sent: string[] = []
  const channel = `doc:project:${id}`
  for (const socket of sockets) socket.on('framesent', ({ payload }) => sent.push(String(payload)))
  const did = (name: string, event: string) =>
    sent.some((frame) => frame.includes(`realtime:${name}`) && frame.includes(event))
  await svelte.open(project)
  await expect.poll(() => did(channel, 'phx_join'), { timeout: 10_000 }).toBe(true)
  expect(did(channel, 'phx_leave')).toBe(false)
  await svelte.press('‹ All projects')
  await expect.poll(() => did(channel, 'phx_leave'), { timeout: 10_000 }).toBe(true)
  expect(did('list:employee:demo', 'phx_leave'), 'what is still shown').toBe(false)
  await svelte.at.getByTestId('feed-kind').selectOption('pubsub')
  await expect.poll(() => did('list:employee:demo', 'phx_leave'), { timeout: 10_000 }).toBe(true)
  await context.close()
}, 120_000)
