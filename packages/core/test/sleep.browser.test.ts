import { expect, onTestFinished, test } from 'vitest'
import type { Tide } from './world.js'

interface Page extends Window {
  readonly tide: Tide
  readonly rows: ReturnType<Tide['tables']['lists']['rows$']>
}

/** Opens a page of its own: another realm, with its own handles, channels and locks. */
async function open(name: string): Promise<Page> {
  const frame = document.createElement('iframe')
  const script = new URL('./tabPage.ts', import.meta.url).href
  frame.srcdoc = `<title>${name}</title><body></body><script type="module" src="${script}"></script>`
  document.body.append(frame)
  onTestFinished(() => frame.remove())
  const page = frame.contentWindow as unknown as Page
  await expect.poll(() => 'rows' in page, { timeout: 10_000 }).toBe(true)
  return page
}

const status = ({ tide }: Page) => tide.status$.current
const goes = (page: Page, event: string) =>
  page.dispatchEvent(new PageTransitionEvent(event, { persisted: true }))

/** Locks of the app that are held or waited for. */
async function locksOf(name: string): Promise<number> {
  const { held = [], pending = [] } = await navigator.locks.query()
  return [...held, ...pending].filter((lock) => lock.name?.includes(name)).length
}

/** Whether somebody's handle keeps the app's database from being changed. Changes nothing. */
async function isHeldOpen(name: string): Promise<boolean> {
  const found = (await indexedDB.databases()).find((one) => one.name?.includes(name))
  const request = indexedDB.open(found?.name ?? '', (found?.version ?? 0) + 1)
  return new Promise((resolve) => {
    request.onblocked = () => resolve(true)
    request.onupgradeneeded = () => {
      request.transaction?.abort()
      resolve(false)
    }
  })
}

test('a page in the back/forward cache holds no lock and no handle; when it comes back it leads again', async () => {
  const name = `s${crypto.randomUUID()}`
  const page = await open(name)
  await expect.poll(() => status(page)).toMatchObject({ name: 'synced', leader: true })
  expect(await locksOf(name)).toBe(1)
  goes(page, 'pagehide')
  await expect.poll(() => locksOf(name)).toBe(0)
  expect(await isHeldOpen(name)).toBe(false)
  goes(page, 'pageshow')
  await expect.poll(() => status(page)).toMatchObject({ name: 'synced', leader: true })
  await page.tide.tables.lists.insert({ id: 'l1', title: 'After' })
  expect(page.rows.current).toMatchObject([{ id: 'l1' }])
})

test('another page takes the lead, and the one that comes back shows what it wrote', async () => {
  const name = `s${crypto.randomUUID()}`
  const first = await open(name)
  await expect.poll(() => status(first)).toMatchObject({ name: 'synced', leader: true })
  const second = await open(name)
  goes(first, 'pagehide')
  await expect.poll(() => status(second)).toMatchObject({ leader: true })
  await second.tide.tables.lists.insert({ id: 'l1', title: 'Meanwhile' })
  expect(first.rows.current).toEqual([])
  goes(first, 'pageshow')
  await expect.poll(() => first.rows.current).toMatchObject([{ id: 'l1', title: 'Meanwhile' }])
  await first.tide.tables.lists.update('l1', { title: 'Heard again' })
  await expect.poll(() => second.rows.current).toMatchObject([{ title: 'Heard again' }])
  expect(status(first)).toMatchObject({ leader: false })
})

test('a frozen page lets go as well, and what it is asked to write meanwhile is kept', async () => {
  const name = `s${crypto.randomUUID()}`
  const page = await open(name)
  await expect.poll(() => status(page)).toMatchObject({ name: 'synced', leader: true })
  page.document.dispatchEvent(new Event('freeze'))
  await expect.poll(() => locksOf(name)).toBe(0)
  await page.tide.tables.lists.insert({ id: 'l1', title: 'Just in time' })
  page.document.dispatchEvent(new Event('resume'))
  await expect.poll(() => status(page)).toMatchObject({ name: 'synced', leader: true, pending: 0 })
  expect(page.rows.current).toMatchObject([{ id: 'l1' }])
})
