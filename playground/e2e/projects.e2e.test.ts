import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FeedKind } from '../src/projects/feeds.ts'
import { openStage, type Stage } from './devices.ts'
import { addProject, frameworks, openProjects, otherOf } from './projectDevices.ts'

let stage: Stage
const feeds: readonly FeedKind[] = ['realtime', 'pubsub']

beforeAll(async () => {
  stage = await openStage()
}, 120_000)
afterAll(() => stage.close())

const nameOf = (id: string) =>
  stage.playground.server.sql<{ name: string }>('select name from app.project where id = $1', [id])

describe.each(frameworks)('the list in %s', (framework) => {
  test('has pages, an order and a filter', async () => {
    const { [framework]: device, context, problems } = await openProjects(stage)
    const { list } = device
    const total = Number(await list.getByTestId('total').textContent())
    expect(total).toBeGreaterThan(40)
    const pages = Math.ceil(total / 20)
    await list.getByText(`Page 1 of ${pages}`).waitFor()
    const first = await list.getByRole('row').nth(1).textContent()
    await device.press('Next')
    await list.getByText(`Page 2 of ${pages}`).waitFor()
    await expect.poll(() => list.getByRole('row').nth(1).textContent(), { timeout: 10_000 }).not.toBe(first)
    await list.getByLabel('Stage').selectOption({ label: 'Done' })
    await list.getByText(/Page 1 of/).waitFor()
    await expect
      .poll(async () => new Set(await list.locator('tbody td:nth-child(2)').allTextContents()), {
        timeout: 10_000,
      })
      .toEqual(new Set(['Done']))
    expect(Number(await list.getByTestId('total').textContent())).toBeLessThan(total)
    expect(problems).toEqual([])
    await context.close()
  }, 60_000)
})

describe.each(feeds)('through %s', (feed) => {
  test.each(frameworks)(
    'what %s saves shows on the other device without a reload, in list and detail',
    async (name) => {
      const before = `AA ${feed} ${name}`
      await addProject(stage, before)
      const opened = await openProjects(stage)
      const { [name]: mine, [otherOf(name)]: theirs } = opened
      await mine.hears(feed)
      await theirs.hears(feed)
      await mine.open(before)
      await mine.edit('Stage', 'On hold')
      await mine.press('Save')
      await theirs.row(before).getByText('On hold').waitFor({ timeout: 10_000 })
      await theirs.open(before)
      await mine.edit('Budget', '4321')
      await mine.press('Save')
      await expect.poll(() => theirs.fact('Budget').textContent(), { timeout: 10_000 }).toContain('4,321')
      await mine.tasks.getByLabel('New task').fill('Told at once')
      await mine.press('Add task')
      await theirs.tasks.getByText('Told at once').waitFor({ timeout: 10_000 })
      await theirs.tasks.getByLabel('Told at once', { exact: true }).check()
      await mine.tasks.getByText('Tasks (1 of 1 done)').waitFor({ timeout: 10_000 })
      expect(opened.problems).toEqual([])
      await opened.context.close()
    },
    60_000,
  )

  test('a project that is deleted goes from the other list, and is marked where it is open', async () => {
    const [shown, open] = [`AA gone ${feed}`, `AA open ${feed}`]
    await addProject(stage, shown)
    await addProject(stage, open)
    const { svelte, vue, context } = await openProjects(stage)
    await svelte.hears(feed)
    await vue.hears(feed)
    await svelte.open(shown)
    await svelte.press('Delete project')
    await vue.row(shown).waitFor({ state: 'detached', timeout: 10_000 })
    await svelte.detail.getByTestId('removed').waitFor()
    await svelte.press('‹ All projects')
    await vue.open(open)
    await svelte.open(open)
    await svelte.press('Delete project')
    await vue.detail.getByTestId('removed').waitFor({ timeout: 10_000 })
    await context.close()
  }, 60_000)
})

describe.each(frameworks)('a role that may not, in %s', (name) => {
  test('sees the refusal, and what it did is taken back', async () => {
    const project = `AA refused ${name}`
    const id = await addProject(stage, project)
    await stage.playground.server.sql('insert into app.task (project_id, title) values ($1, $2)', [
      id,
      'Not yours',
    ])
    const { [name]: device, context } = await openProjects(stage)
    await device.signIn('Cleo', 'viewer')
    await device.isListed()
    await device.open(project)
    const box = device.tasks.getByLabel('Not yours', { exact: true })
    await device.at.getByLabel('Latency').selectOption('500')
    await box.click()
    expect(await box.isChecked(), 'shown at once').toBe(true)
    await device.tasks.getByRole('alert').getByText('Taken back: Your role does not allow this.').waitFor()
    await expect.poll(() => box.isChecked()).toBe(false)
    await device.press('Delete project')
    await device.detail.getByTestId('removed').waitFor()
    await device.detail.getByText('Taken back: Your role does not allow this.').first().waitFor()
    await expect.poll(() => device.fact('Name').textContent(), { timeout: 10_000 }).toBe(project)
    await device.edit('Name', 'Mine now')
    await device.press('Save')
    await device.draft.getByText('Not saved; the draft is kept: Your role does not allow this.').waitFor()
    await device.press('Discard')
    expect(await nameOf(id)).toEqual([{ name: project }])
    await context.close()
  }, 60_000)

  test('may do it once an administrator says so', async () => {
    const { [name]: device, [otherOf(name)]: admin, context } = await openProjects(stage)
    await device.signIn('Cleo', 'viewer')
    await admin.signIn('Ada', 'admin')
    const setRole = async (role: string) => {
      await admin.at.getByLabel('Role of Cleo').selectOption(role)
      await expect.poll(() => device.at.getByTestId('role').textContent(), { timeout: 10_000 }).toBe(role)
    }
    await device.hears('realtime')
    await admin.at.getByText('Employees and their roles').click()
    await setRole('editor')
    await device.press('New project')
    await expect.poll(() => device.fact('Name').textContent(), { timeout: 10_000 }).toBe('New project')
    await device.press('Delete project')
    await device.detail.getByTestId('removed').waitFor()
    await setRole('viewer')
    await context.close()
  }, 60_000)
})
