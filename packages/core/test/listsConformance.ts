import { afterEach, expect, test } from 'vitest'
import { press, textOf, type Screen } from './screen.js'
import { makeWorld, type Tide } from './world.js'

/** The same page in every framework does the same. */
export function listsConformance(framework: string, show: (tide: Tide) => Promise<Screen>): void {
  const open: Tide[] = []
  /** A device without a network, so that what is written stays pending. */
  const begin = async () => {
    const world = makeWorld()
    world.online$.next(false)
    const tide = world.tab()
    open.push(tide)
    await tide.start('user-a')
    return { tide, screen: await show(tide) }
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map((tide) => tide.stop()))
  })

  test(`${framework}: rows, row, count, status and outbox follow writes; a query of reactive state opens the new view`, async () => {
    const { tide, screen } = await begin()
    await expect.poll(() => textOf(screen, 'facts')).toMatch(/0 in all, first null,.*offline, 0 pending/)
    await Promise.all([
      tide.tables.lists.insert({ id: 'l1', title: 'Blue list' }),
      tide.tables.lists.insert({ id: 'l2', title: 'Red list', color: 'red' }),
    ])
    await expect.element(screen.getByText('Blue list', { exact: true })).toBeVisible()
    await expect.poll(() => textOf(screen, 'facts')).toMatch(/2 in all, first Blue list,.*2 pending/)
    await press(screen, 'color')
    await expect.element(screen.getByText('Red list', { exact: true })).toBeVisible()
    await expect.poll(() => screen.getByRole('listitem').elements().length).toBe(1)
    await tide.tables.lists.update('l2', { title: 'Renamed' })
    await expect.element(screen.getByText('Renamed', { exact: true })).toBeVisible()
  })

  test(`${framework}: a write that is refused says why, and stores nothing`, async () => {
    const { screen } = await begin()
    await press(screen, 'invalid')
    await expect.poll(() => textOf(screen, 'facts')).toMatch(/0 in all.*error ValidationError/)
  })

  test(`R7: ${framework}: signing out empties the page`, async () => {
    const { tide, screen } = await begin()
    await tide.tables.lists.insert({ id: 'l1', title: 'Secret' })
    await expect.element(screen.getByText('Secret', { exact: true })).toBeVisible()
    await tide.signOut({ pending: 'keep' })
    await expect.poll(() => textOf(screen, 'facts')).toMatch(/unknown in all, first undefined,.*stopped/)
    expect(screen.getByRole('listitem').elements()).toHaveLength(0)
  })

  test(`${framework}: a component that is gone follows nothing any more`, async () => {
    const { tide, screen } = await begin()
    await expect.poll(() => textOf(screen, 'facts')).toMatch(/0 in all/)
    const { container } = screen
    await screen.unmount()
    const before = container.textContent
    await tide.tables.lists.insert({ id: 'l1', title: 'Unseen' })
    expect(container.textContent).toBe(before)
  })
}
