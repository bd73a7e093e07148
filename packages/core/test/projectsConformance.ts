import { afterEach, expect, test } from 'vitest'
import type { TestEntities } from './entityTypes.js'
import { makeProjects } from './projectsPage.js'
import { press, textOf, type Screen } from './screen.js'

/** The same page in every framework does the same. */
export function projectsConformance(
  framework: string,
  show: (entities: TestEntities) => Promise<Screen>,
): void {
  let world: ReturnType<typeof makeProjects>
  afterEach(() => world.stop())
  const begin = async () => {
    world = makeProjects()
    const entities = await world.open()
    return { entities, screen: await show(entities) }
  }
  const facts = (screen: Screen) => expect.poll(() => textOf(screen, 'facts'))
  const draft = (screen: Screen) => expect.poll(() => textOf(screen, 'draft'))
  const items = (screen: Screen) =>
    expect.poll(() =>
      screen
        .getByRole('listitem')
        .elements()
        .map(({ textContent }) => textContent),
    )

  test(`${framework}: an entity, a page of a list and reference data show, and follow ids and pages`, async () => {
    const { screen } = await begin()
    await facts(screen).toBe(
      'fresh, Harbour, loading false, on the device Harbour, 3 in all, Open, 1 codes, EUR, running false, error none',
    )
    await items(screen).toEqual(['Harbour', 'Bridge'])
    await press(screen, 'next page')
    await items(screen).toEqual(['Pier'])
    await press(screen, 'other')
    await facts(screen).toContain('fresh, Bridge')
  })

  test(`${framework}: writes show at once, and say why they were taken back`, async () => {
    const { screen } = await begin()
    await facts(screen).toContain('fresh, Harbour')
    await press(screen, 'rename')
    await items(screen).toEqual(['Quay', 'Bridge'])
    world.server.failures.push(403)
    await press(screen, 'delete')
    await facts(screen).toContain('error RemoteError')
    await facts(screen).toContain('fresh, Quay')
    await press(screen, 'delete')
    await facts(screen).toContain('removed, Quay, loading false, on the device null, 2 in all')
    await press(screen, 'create')
    await facts(screen).toContain('3 in all')
  })

  test(`${framework}: a draft is edited, undone, redone, conflicts and is saved`, async () => {
    const { screen } = await begin()
    await draft(screen).toContain('none, no draft')
    await press(screen, 'edit')
    await draft(screen).toContain('editing, Harbour, changes none, undo false')
    await screen.getByRole('textbox', { name: 'Name' }).fill('Mine')
    await draft(screen).toContain('editing, Mine, changes name, undo true, redo false')
    await press(screen, 'undo')
    await draft(screen).toContain('editing, Harbour, changes none, undo false, redo true')
    await press(screen, 'redo')
    world.server.set('project', { id: '1', name: 'Theirs' })
    await press(screen, 'save')
    await draft(screen).toContain('conflict, Mine')
    await draft(screen).toContain('theirs Theirs, overwritten 0, error RemoteError')
    await press(screen, 'mine')
    await press(screen, 'save')
    await draft(screen).toContain('none, no draft')
    await facts(screen).toContain('fresh, Mine')
    expect(world.server.rows.get('project')?.get('1')).toMatchObject({ name: 'Mine' })
  })

  test(`${framework}: two pages share a draft, and the one that was overwritten is told`, async () => {
    const { screen } = await begin()
    await press(screen, 'edit')
    await screen.getByRole('textbox', { name: 'Name' }).fill('Of the first')
    const { draft: draftOf } = await import('../src/entities.js')
    const other = draftOf(await world.open(), 'project', '1')
    const subscription = other.state$.subscribe()
    await expect.poll(() => other.state$.current).toMatchObject({ current: { name: 'Of the first' } })
    other.update({ name: 'Of the second' })
    await draft(screen).toContain('editing, Of the second')
    await draft(screen).toContain('overwritten 1')
    await press(screen, 'discard')
    await expect.poll(() => other.state$.current).toEqual({ name: 'none' })
    subscription.unsubscribe()
  })

  test(`${framework}: a component that is gone follows nothing any more`, async () => {
    const { entities, screen } = await begin()
    await facts(screen).toContain('fresh')
    const asked = world.server.asked.length
    entities.refetch('project')
    await expect.poll(() => world.server.asked.length).toBe(asked + 2)
    await facts(screen).toContain('fresh')
    await screen.unmount()
    entities.refetch('project')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(world.server.asked).toHaveLength(asked + 2)
  })
}
