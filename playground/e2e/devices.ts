import {
  chromium,
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  type Locator,
  type Page,
} from 'playwright'
import { expect } from 'vitest'
import { findChromium } from '../../scripts/chromium.mjs'
import { startPlayground, type Playground } from '../scripts/startPlayground.ts'

/** The playground in a real browser, with everything that went wrong in it. */
export interface Stage {
  readonly playground: Playground
  readonly browser: Browser
  /** Opens the page as a new browser profile would. */
  open(options?: Parameters<Browser['newContext']>[0]): Promise<OpenPage>
  close(): Promise<void>
}

export interface OpenPage {
  readonly page: Page
  readonly context: BrowserContext
  readonly svelte: OnePage
  readonly vue: OnePage
  /** Console errors and uncaught exceptions so far. */
  readonly problems: string[]
  /** Requests to the server so far, by path. */
  readonly requests: string[]
}

/** One of the two devices on the page. */
export class OnePage {
  readonly at: Locator
  constructor(page: Page, name: string) {
    this.at = page.locator(`#${name}`)
  }

  /** The state that the status bar names. */
  status(): Locator {
    return this.at.getByRole('region', { name: /^Synchronisation/ }).locator('strong')
  }

  async isSynced(): Promise<void> {
    await expect.poll(() => this.status().textContent(), { timeout: 20_000 }).toMatch(/^\s*Synced\s*$/)
  }

  async shows(title: string | RegExp): Promise<void> {
    await this.at.getByTestId('grid').getByText(title).first().waitFor({ timeout: 10_000 })
  }

  async hides(title: string | RegExp): Promise<void> {
    await expect.poll(() => this.at.getByTestId('grid').getByText(title).count(), { timeout: 10_000 }).toBe(0)
  }

  /** How many writes wait or were refused, as the status bar says; none where it does not speak of them. */
  async number(name: 'pending' | 'parked'): Promise<number> {
    const bar = this.at.getByRole('region', { name: /^Synchronisation/ })
    return bar.evaluate((element, fact) => {
      const known = !['starting', 'stopped'].includes(element.getAttribute('data-status') ?? 'stopped')
      const text = element.querySelector(`[data-fact="${fact}"]`)?.textContent ?? '0'
      return known ? Number(text.replace(/\D/g, '')) : Number.NaN
    }, name)
  }

  async bench(name: string, on: boolean): Promise<void> {
    await this.at.getByRole('checkbox', { name, exact: true }).setChecked(on)
  }

  async user(name: string): Promise<void> {
    await this.at.getByRole('combobox', { name: 'User', exact: true }).selectOption({ label: name })
  }

  /** Makes an event by the keyboard alone. */
  async create(page: Page, title: string, { calendar }: { calendar?: string } = {}): Promise<void> {
    await this.at.getByRole('button', { name: 'New event' }).focus()
    await page.keyboard.press('Enter')
    const editor = this.at.getByRole('dialog')
    if (calendar !== undefined)
      await editor.getByRole('combobox', { name: 'Calendar' }).selectOption({ label: calendar })
    await editor.getByLabel('Title').focus()
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
    await this.shows(new RegExp(title))
  }

  async open(title: string | RegExp): Promise<void> {
    await this.at.getByTestId('grid').getByText(title).first().click()
    await this.at.getByRole('dialog').waitFor()
  }

  /** The day that an event stands on in the month, `YYYY-MM-DD`. */
  async dayOf(title: string | RegExp): Promise<string> {
    const chip = this.at.getByTestId('grid').getByText(title).first()
    return chip.evaluate((element) => element.closest('[data-date]')?.getAttribute('data-date') ?? '')
  }

  /** Moves an event by the pointer to a day beside its own. Resolves with both. */
  async drag(page: Page, title: string | RegExp): Promise<{ from: string; to: string }> {
    const chip = this.at.getByTestId('grid').getByText(title).first()
    await chip.scrollIntoViewIfNeeded()
    const from = await this.dayOf(title)
    const to = await chip.evaluate((element) => {
      const day = element.closest('[data-date]')
      return (day?.nextElementSibling ?? day?.previousElementSibling)?.getAttribute('data-date') ?? ''
    })
    const start = await chip.boundingBox()
    const day = await this.at.getByTestId('grid').locator(`[data-date="${to}"]`).boundingBox()
    if (!start || !day) throw new Error(`${String(title)} or the day beside it cannot be seen`)
    const y = start.y + start.height / 2
    await page.mouse.move(start.x + 8, y)
    await page.mouse.down()
    await page.mouse.move(day.x + day.width / 2, y, { steps: 12 })
    await page.mouse.up()
    return { from, to }
  }

  /** Opens the lists beside the calendar, and one of them. */
  async list(name: string): Promise<Locator> {
    const lists = this.at.getByRole('region', { name: /^Lists/ })
    if (!(await lists.isVisible())) await this.at.getByRole('button', { name: /^Lists/ }).click()
    const list = lists.locator('details', {
      has: this.at.page().locator('summary', { hasText: new RegExp(`^${name}`) }),
    })
    if (!(await list.evaluate((element) => element.hasAttribute('open'))))
      await list.locator('summary').click()
    return list
  }

  async press(name: string): Promise<void> {
    await this.at.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  }
}

export const isProblem = (message: ConsoleMessage): boolean => message.type() === 'error'

export async function openStage(): Promise<Stage> {
  const executablePath = findChromium()
  const playground = await startPlayground({ apiPort: 0, pagePort: 0, log: () => undefined })
  const browser = await chromium.launch({ ...(executablePath !== undefined && { executablePath }) })
  return {
    playground,
    browser,
    open: async (options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1500, height: 1000 }, ...options })
      const page = await context.newPage()
      const problems: string[] = []
      const requests: string[] = []
      page.on('console', (message) => isProblem(message) && problems.push(message.text()))
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('request', (request) => {
        if (request.url().startsWith(playground.server.url)) requests.push(new URL(request.url()).pathname)
      })
      await page.goto(playground.pageUrl)
      return {
        page,
        context,
        problems,
        requests,
        svelte: new OnePage(page, 'svelte'),
        vue: new OnePage(page, 'vue'),
      }
    },
    close: async () => {
      await browser.close()
      await playground.stop()
    },
  }
}
