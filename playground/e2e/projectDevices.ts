import type { BrowserContext, Locator, Page, WebSocket } from 'playwright'
import { expect } from 'vitest'
import type { FeedKind } from '../src/projects/feeds.ts'
import { isProblem, type Stage } from './devices.ts'

/** The page "Projects" in a browser profile of its own. */
export interface ProjectsStage {
  readonly page: Page
  readonly context: BrowserContext
  readonly svelte: ProjectsPage
  readonly vue: ProjectsPage
  /** Console errors and uncaught exceptions so far. */
  readonly problems: string[]
  /** Every socket that the page has opened to a feed. */
  readonly sockets: WebSocket[]
}

export const frameworks = ['svelte', 'vue'] as const
export type Framework = (typeof frameworks)[number]
export const otherOf = (name: Framework): Framework => (name === 'svelte' ? 'vue' : 'svelte')

/** One of the two devices on the page. */
export class ProjectsPage {
  readonly at: Locator
  constructor(page: Page, name: Framework) {
    this.at = page.locator(`#${name}`)
  }

  get list(): Locator {
    return this.at.getByTestId('list')
  }

  get detail(): Locator {
    return this.at.getByTestId('detail')
  }

  get draft(): Locator {
    return this.at.getByTestId('draft')
  }

  get tasks(): Locator {
    return this.at.getByTestId('tasks')
  }

  get conflict(): Locator {
    return this.at.getByTestId('conflict')
  }

  async hears(kind: FeedKind): Promise<void> {
    await this.at.getByTestId('feed-kind').selectOption(kind)
    await expect.poll(() => this.at.getByTestId('feed').textContent(), { timeout: 15_000 }).toBe('Live')
  }

  async signIn(name: 'Ada' | 'Ben' | 'Cleo', role: string): Promise<void> {
    await this.at.getByLabel('User').selectOption({ label: name })
    await expect.poll(() => this.at.getByTestId('role').textContent(), { timeout: 15_000 }).toBe(role)
  }

  async isListed(): Promise<void> {
    await expect.poll(() => this.list.getAttribute('data-state'), { timeout: 20_000 }).toBe('fresh')
  }

  row(name: string): Locator {
    return this.list.getByRole('row').filter({ hasText: name })
  }

  /** Opens a project from the list. */
  async open(name: string): Promise<void> {
    await this.list.getByRole('button', { name, exact: true }).click()
    await expect.poll(() => this.detail.getAttribute('data-state'), { timeout: 10_000 }).toBe('fresh')
  }

  fact(label: string): Locator {
    return this.detail.getByTestId('facts').getByRole('row', { name: label }).getByRole('cell')
  }

  /** Begins an edit, if there is none, and fills a field. */
  async edit(label: string, value: string): Promise<void> {
    const button = this.detail.getByRole('button', { name: 'Edit', exact: true })
    if (await button.isVisible()) await button.click()
    const field = this.draft.getByLabel(label)
    await field.waitFor()
    if (label === 'Stage') await field.selectOption({ label: value })
    else await field.fill(value)
  }

  async press(name: string): Promise<void> {
    await this.at.getByRole('button', { name, exact: true }).click()
  }

  async bench(label: string, on: boolean): Promise<void> {
    await this.at.getByLabel(label).setChecked(on)
  }

  alert(): Locator {
    return this.at.getByRole('alert')
  }
}

/** Opens the page of projects as a new browser profile would, and waits for both lists. */
export async function openProjects(
  { browser, playground }: Stage,
  options: Parameters<Stage['open']>[0] = {},
): Promise<ProjectsStage> {
  const context = await browser.newContext({ viewport: { width: 1500, height: 1000 }, ...options })
  const page = await context.newPage()
  const problems: string[] = []
  const sockets: WebSocket[] = []
  page.on('console', (message) => isProblem(message) && problems.push(message.text()))
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(playground.pageUrl.replace('http', 'ws'))) sockets.push(socket)
  })
  await page.goto(new URL('projects.html', playground.pageUrl).href)
  const [svelte, vue] = [new ProjectsPage(page, 'svelte'), new ProjectsPage(page, 'vue')]
  await svelte.isListed()
  await vue.isListed()
  return { page, context, svelte, vue, problems, sockets }
}

/** Adds a project of Ada's past all policies, which everybody sees, and resolves with its id. */
export async function addProject({ playground }: Stage, name: string): Promise<string> {
  const [row] = await playground.server.sql<{ id: string }>(
    `insert into app.project (owner_id, shared_with, name, stage, budget)
     select id, (select array_agg(user_id) from app.employee where user_id <> u.id), $1, 'planned', 1000
     from auth.users u where email = 'ada@tidemark.dev' returning id`,
    [name],
  )
  return row?.id ?? ''
}
