import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStage, type Stage } from './devices.ts'
import { addProject, frameworks, openProjects, otherOf, ProjectsPage } from './projectDevices.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
}, 120_000)
afterAll(() => stage.close())

const nameOf = async (id: string) => {
  const [row] = await stage.playground.server.sql<{ name: string }>(
    'select name from app.project where id = $1',
    [id],
  )
  return row?.name
}

describe.each(frameworks)('a draft in %s', (name) => {
  test('shows its changes, is undone and redone, and survives a reload', async () => {
    const project = `AA draft ${name}`
    const id = await addProject(stage, project)
    const { [name]: device, page, context } = await openProjects(stage)
    await device.open(project)
    await device.edit('Stage', 'Active')
    await device.edit('Budget', '2500')
    const changes = device.draft.getByTestId('changes')
    await expect
      .poll(() => changes.textContent())
      .toMatch(/Stage: Planned → Active.*Budget: €1,000 → €2,500/s)
    await device.press('Undo')
    await expect.poll(() => changes.textContent()).not.toContain('Budget')
    await device.press('Redo')
    await device.press('Undo')
    await device.draft.getByText('The draft is kept on this device.').waitFor()
    await page.reload()
    await expect.poll(() => changes.textContent(), { timeout: 15_000 }).toContain('Stage: Planned → Active')
    await device.press('Redo')
    expect(await device.draft.getByLabel('Budget').inputValue()).toBe('2500')
    await device.press('Save')
    await device.draft.waitFor({ state: 'detached' })
    await expect.poll(() => device.fact('Budget').textContent()).toContain('2,500')
    const rows = await stage.playground.server.sql(
      'select stage, budget::int from app.project where id = $1',
      [id],
    )
    expect(rows).toEqual([{ stage: 'active', budget: 2500 }])
    await context.close()
  }, 60_000)

  test('that is discarded leaves nothing behind', async () => {
    const project = `AA discard ${name}`
    const id = await addProject(stage, project)
    const { [name]: device, page, context } = await openProjects(stage)
    await device.open(project)
    await device.edit('Name', 'Never')
    await device.press('Discard')
    await device.draft.waitFor({ state: 'detached' })
    await page.reload()
    await expect.poll(() => device.detail.getAttribute('data-state'), { timeout: 15_000 }).toBe('fresh')
    expect(await device.draft.count()).toBe(0)
    expect(await nameOf(id)).toBe(project)
    await context.close()
  }, 60_000)

  test('meets a conflict with base, mine and theirs, and goes on as the user decides', async () => {
    const project = `AA conflict ${name}`
    const id = await addProject(stage, project)
    const { [name]: mine, [otherOf(name)]: theirs, context } = await openProjects(stage)
    await mine.hears('pubsub')
    await mine.open(project)
    await theirs.open(project)
    await mine.edit('Budget', '2000')
    await theirs.edit('Budget', '3000')
    await theirs.edit('Stage', 'Active')
    await theirs.press('Save')
    await mine.conflict.waitFor({ timeout: 10_000 })
    expect(
      await mine.conflict.getByRole('row', { name: 'Budget' }).getByRole('cell').allTextContents(),
    ).toEqual(['€1,000', '€2,000', '€3,000'])
    expect(await mine.draft.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await mine.press('Keep mine')
    await mine.conflict.waitFor({ state: 'detached' })
    await mine.press('Save')
    await mine.draft.waitFor({ state: 'detached' })
    const rows = await stage.playground.server.sql(
      'select stage, budget::int from app.project where id = $1',
      [id],
    )
    expect(rows).toEqual([{ stage: 'active', budget: 2000 }])
    await context.close()
  }, 60_000)

  test('of a project that somebody deletes is not lost without a word', async () => {
    const project = `AA deleted ${name}`
    await addProject(stage, project)
    const { [name]: mine, [otherOf(name)]: theirs, context } = await openProjects(stage)
    await theirs.signIn('Ada', 'admin')
    await mine.hears('realtime')
    await mine.open(project)
    await mine.edit('Name', 'Still here')
    await theirs.open(project)
    await theirs.press('Delete project')
    await mine.conflict.getByText('Somebody else has deleted this project.').waitFor({ timeout: 10_000 })
    expect(await mine.draft.getByLabel('Name').inputValue()).toBe('Still here')
    await mine.press('Give the draft up')
    await mine.draft.waitFor({ state: 'detached' })
    await context.close()
  }, 60_000)

  test('is made offline, outlives a reload there, and is saved when the network is back', async () => {
    const project = `AA offline ${name}`
    const id = await addProject(stage, project)
    const { [name]: device, page, context } = await openProjects(stage)
    await device.open(project)
    await device.bench('Offline', true)
    await device.edit('Name', `${project}, edited`)
    await device.press('Save')
    await device.draft.getByText(/Not saved; the draft is kept: The server cannot be reached/).waitFor()
    await device.draft.getByText('The draft is kept on this device.').waitFor()
    await page.reload()
    await expect
      .poll(() => device.draft.getByLabel('Name').inputValue(), { timeout: 15_000 })
      .toBe(`${project}, edited`)
    await expect.poll(() => device.fact('Name').textContent()).toBe(project)
    expect(await nameOf(id)).toBe(project)
    await device.bench('Offline', false)
    await device.press('Save')
    await device.draft.waitFor({ state: 'detached', timeout: 10_000 })
    expect(await nameOf(id)).toBe(`${project}, edited`)
    await context.close()
  }, 60_000)

  test('an expired session asks for a sign-in, and the draft is saved after it', async () => {
    const project = `AA expired ${name}`
    const id = await addProject(stage, project)
    const { [name]: device, context } = await openProjects(stage)
    await device.open(project)
    await device.bench('Session expired', true)
    await device.edit('Name', `${project}, later`)
    await device.press('Save')
    await device.draft.getByText(/Not saved; the draft is kept/).waitFor()
    await expect
      .poll(() => device.detail.getAttribute('data-state'), { timeout: 10_000 })
      .toBe('needs-sign-in')
    await device.bench('Session expired', false)
    await device.press('Sign in again')
    await expect.poll(() => device.detail.getAttribute('data-state'), { timeout: 10_000 }).toBe('fresh')
    await device.press('Save')
    await device.draft.waitFor({ state: 'detached', timeout: 10_000 })
    expect(await nameOf(id)).toBe(`${project}, later`)
    await context.close()
  }, 60_000)

  test('is one for all tabs, and says where another tab had the last word', async () => {
    const project = `AA tabs ${name}`
    await addProject(stage, project)
    const { [name]: device, page, context } = await openProjects(stage)
    await device.open(project)
    await device.edit('Name', 'From the first tab')
    await device.draft.getByText('The draft is kept on this device.').waitFor()
    const second = await context.newPage()
    await second.goto(page.url())
    const other = new ProjectsPage(second, name)
    await other.isListed()
    await other.open(project)
    await expect.poll(() => other.draft.getByLabel('Name').inputValue()).toBe('From the first tab')
    await other.edit('Budget', '77')
    await other.edit('Name', 'From the second tab')
    await device.draft.getByText('Another tab has set: Name.').waitFor({ timeout: 10_000 })
    expect(await device.draft.getByLabel('Name').inputValue()).toBe('From the second tab')
    expect(await device.draft.getByLabel('Budget').inputValue()).toBe('77')
    await context.close()
  }, 60_000)
})

describe.each(frameworks)('without a network in %s', (name) => {
  test('a delete and a tick are taken back, and say why', async () => {
    const project = `AA cut ${name}`
    const id = await addProject(stage, project)
    await stage.playground.server.sql("insert into app.task (project_id, title) values ($1, 'Stays')", [id])
    const { [name]: device, context } = await openProjects(stage)
    await device.open(project)
    const box = device.tasks.getByLabel('Stays', { exact: true })
    await box.waitFor()
    await device.bench('Offline', true)
    await box.click()
    await device.tasks.getByText(/Taken back: The server cannot be reached/).waitFor()
    await expect.poll(() => box.isChecked()).toBe(false)
    await device.press('Delete project')
    await device.detail
      .getByText(/Taken back: The server cannot be reached/)
      .first()
      .waitFor()
    await expect.poll(() => device.fact('Name').textContent()).toBe(project)
    expect(await nameOf(id)).toBe(project)
    await context.close()
  }, 60_000)
})
