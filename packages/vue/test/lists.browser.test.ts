import { afterEach, expect, test, vi } from 'vitest'
import type { Locator } from 'vitest/browser'
import { render } from 'vitest-browser-vue'
import { createSSRApp } from 'vue'
import { makeWorld, type Tide } from '../../core/test/world.js'
import Lists from './Lists.vue'
import { listsOnServer } from './listsOnServer.js'

const open: Tide[] = []
/** A device without a network, so that what is written stays pending. */
async function started(): Promise<Tide> {
  const world = makeWorld()
  world.online$.next(false)
  const tide = world.tab()
  open.push(tide)
  await tide.start('user-a')
  return tide
}
/** The text of an element, as a reader sees it. */
const textOf = (locator: Locator) => locator.element().textContent.replace(/\s+/g, ' ').trim()

afterEach(async () => {
  await Promise.all(open.splice(0).map((tide) => tide.stop()))
})

test('rows, row, count, status and outbox follow writes; a query of reactive state opens the new view', async () => {
  const tide = await started()
  const screen = await render(Lists, { props: { tide } })
  const facts = screen.getByTestId('facts')
  await expect.poll(() => textOf(facts)).toMatch(/0 in all, first null,.*offline, 0 pending/)
  await Promise.all([
    tide.tables.lists.insert({ id: 'l1', title: 'Blue list' }),
    tide.tables.lists.insert({ id: 'l2', title: 'Red list', color: 'red' }),
  ])
  await expect.element(screen.getByText('Blue list', { exact: true })).toBeVisible()
  await expect.poll(() => textOf(facts)).toMatch(/2 in all, first Blue list,.*2 pending/)
  await screen.getByRole('button', { name: 'color' }).click()
  await expect.element(screen.getByText('Red list', { exact: true })).toBeVisible()
  await expect.poll(() => screen.getByRole('listitem').elements().length).toBe(1)
  await tide.tables.lists.update('l2', { title: 'Renamed' })
  await expect.element(screen.getByText('Renamed', { exact: true })).toBeVisible()
})

test('a write that is refused says why, and stores nothing', async () => {
  const tide = await started()
  const screen = await render(Lists, { props: { tide } })
  await screen.getByRole('button', { name: 'invalid' }).click()
  await expect.poll(() => textOf(screen.getByTestId('facts'))).toMatch(/0 in all.*error ValidationError/)
})

test('R7: signing out empties the page', async () => {
  const tide = await started()
  const screen = await render(Lists, { props: { tide } })
  await tide.tables.lists.insert({ id: 'l1', title: 'Secret' })
  await expect.element(screen.getByText('Secret', { exact: true })).toBeVisible()
  await tide.signOut({ pending: 'keep' })
  await expect
    .poll(() => textOf(screen.getByTestId('facts')))
    .toMatch(/unknown in all, first undefined,.*stopped/)
  expect(screen.getByRole('listitem').elements()).toHaveLength(0)
})

test('the first render in the browser is that of the server, the status included', () => {
  const warn = vi.spyOn(console, 'warn')
  const tide = makeWorld().tab()
  const container = document.createElement('div')
  container.innerHTML = listsOnServer
  const app = createSSRApp(Lists, { tide })
  app.mount(container)
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
  app.unmount()
})

test('a component that is gone follows nothing any more', async () => {
  const tide = await started()
  const screen = await render(Lists, { props: { tide } })
  await expect.poll(() => textOf(screen.getByTestId('facts'))).toMatch(/0 in all/)
  const { container } = screen
  await screen.unmount()
  const before = container.textContent
  await tide.tables.lists.insert({ id: 'l1', title: 'Unseen' })
  expect(container.textContent).toBe(before)
})
