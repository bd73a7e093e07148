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

  status(): Locator {
    return this.at.getByTestId('status')
  }

  async isSynced(): Promise<void> {
    await expect.poll(() => this.status().textContent(), { timeout: 20_000 }).toBe('Synced')
  }

  async shows(title: string | RegExp): Promise<void> {
    await this.at.getByTestId('grid').getByText(title).first().waitFor({ timeout: 10_000 })
  }

  async hides(title: string | RegExp): Promise<void> {
    await expect.poll(() => this.at.getByTestId('grid').getByText(title).count(), { timeout: 10_000 }).toBe(0)
  }

  async number(name: 'pending' | 'parked'): Promise<number> {
    return Number(await this.at.getByTestId(name).textContent())
  }

  async bench(label: string, on: boolean): Promise<void> {
    await this.at.getByLabel(label).setChecked(on)
  }

  /** Makes an event by the keyboard alone. */
  async create(page: Page, title: string): Promise<void> {
    await this.at.getByRole('button', { name: 'New event' }).focus()
    await page.keyboard.press('Enter')
    await this.at.getByRole('dialog').getByLabel('Title').focus()
    await page.keyboard.type(title)
    await page.keyboard.press('Enter')
    await this.shows(new RegExp(title))
  }

  async open(title: string | RegExp): Promise<void> {
    await this.at.getByTestId('grid').getByText(title).first().click()
    await this.at.getByRole('dialog').waitFor()
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
