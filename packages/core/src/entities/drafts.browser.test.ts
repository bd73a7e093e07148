import { afterEach, expect, test } from 'vitest'
import type { Draft } from '../entities.js'

type Edited = Draft<{ id: string; name: string; stage: string | null }>
const pages: HTMLIFrameElement[] = []
const state = (page: HTMLIFrameElement) =>
  JSON.parse(page.contentDocument?.body.textContent || '{}') as {
    name?: string
    changes?: object
    durable?: boolean
  }
const edited = (page: HTMLIFrameElement) => (page.contentWindow as unknown as { edited: Edited }).edited

/** Opens a page of its own: another realm, with its own handles of the database. */
async function open(name: string): Promise<HTMLIFrameElement> {
  const page = document.createElement('iframe')
  const script = new URL('../../test/draftPage.ts', import.meta.url).href
  page.srcdoc = `<title>${name}</title><body></body><script type="module" src="${script}"></script>`
  document.body.append(page)
  pages.push(page)
  await expect.poll(() => state(page).name, { timeout: 10_000 }).toMatch(/none|editing/)
  return page
}
/** The page is gone, as in a crash: nothing is stopped, and no code of it runs any more. */
const kill = (page: HTMLIFrameElement): void => page.remove()

afterEach(() => pages.splice(0).forEach(kill))

test('a draft survives the crash of its page, and a reload, with its undo steps', async () => {
  const name = `d${crypto.randomUUID()}`
  const first = await open(name)
  await edited(first).start()
  edited(first).update({ name: 'Quay' })
  edited(first).update({ stage: 'open' })
  await expect.poll(() => state(first)).toMatchObject({ changes: { name: 'Quay' }, durable: true })
  kill(first)
  const second = await open(name)
  expect(state(second)).toMatchObject({ name: 'editing', changes: { name: 'Quay', stage: 'open' } })
  edited(second).undo()
  await expect
    .poll(() => state(second))
    .toMatchObject({ changes: { name: 'Quay' }, canUndo: true, durable: true })
  Object.assign(second.contentWindow as object, { before: true })
  second.contentWindow?.location.reload()
  await expect.poll(() => second.contentWindow && 'before' in second.contentWindow).toBe(false)
  await expect.poll(() => state(second).name).toBe('editing')
  expect(state(second)).toMatchObject({ changes: { name: 'Quay' }, canRedo: true })
})

test('two pages edit one draft: columns of both stay, and who was overwritten is told', async () => {
  const name = `d${crypto.randomUUID()}`
  const [a, b] = [await open(name), await open(name)]
  await edited(a).start()
  edited(a).update({ name: 'Of the first' })
  await expect.poll(() => state(b)).toMatchObject({ changes: { name: 'Of the first' } })
  edited(b).update({ stage: 'done' })
  await expect
    .poll(() => state(a))
    .toMatchObject({ changes: { name: 'Of the first', stage: 'done' }, overwritten: [] })
  edited(b).update({ name: 'Of the second' })
  await expect
    .poll(() => state(a))
    .toMatchObject({ changes: { name: 'Of the second' }, overwritten: ['name'] })
  edited(a).discard()
  await expect.poll(() => state(b)).toEqual({ name: 'none' })
})
