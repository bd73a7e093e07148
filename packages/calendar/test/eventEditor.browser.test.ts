import { expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import EditorSvelte from '../src/svelte/EventEditor.svelte'
import EditorVue from '../src/vue/EventEditor.vue'
import { inBoth } from './both.js'
import { now, otherId } from './calendarWorld.js'

const editor = { svelte: EditorSvelte, vue: EditorVue }
const id = '00000000-0000-4000-8000-0000000000e1'
const day = 86_400_000
const field = (name: string) => page.getByLabelText(name, { exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })
const titleField = field('Title')

inBoth(
  editor,
  'the keyboard alone makes an event; what is wrong takes the focus',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    const onclose = vi.fn()
    await show({ onclose })
    await expect.element(page.getByRole('dialog', { name: 'New event' })).toBeVisible()
    await expect.element(titleField).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('Give the event a title.')).toBeVisible()
    await expect.element(titleField).toHaveFocus()
    await expect.element(titleField).toHaveAccessibleDescription('Give the event a title.')
    await userEvent.keyboard('Plan{Enter}')
    await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
    const [made] = await calendar.events$({ from: now, to: now + day }).ready
    expect(made).toMatchObject({
      title: 'Plan',
      duration: 60,
      start_timestamp_ms: Date.parse('2026-03-02T10:00:00Z'),
    })
  },
)

inBoth(editor, 'no field keeps room that nothing stands in', async (show) => {
  const { container } = await show({})
  await expect.element(titleField).toBeVisible()
  for (const element of container.querySelectorAll('.tm-field')) {
    const { bottom } = element.getBoundingClientRect()
    expect(bottom - (element.lastElementChild?.getBoundingClientRect().bottom ?? 0)).toBeLessThanOrEqual(1)
  }
})

inBoth(editor, 'opened on an event, the focus is in its first field', async (show, { elsewhere }) => {
  elsewhere(id, {})
  await show({ eventId: id, onclose: vi.fn() })
  await expect.element(titleField).toHaveFocus()
  await expect.element(titleField).not.toHaveValue('')
})

inBoth(
  editor,
  'an event is moved and resized by its fields',
  async (show, { calendar, elsewhere, online$ }) => {
    elsewhere(id, {})
    const onclose = vi.fn()
    await show({ eventId: id, onclose })
    await expect.element(field('Start time')).toHaveValue('10:00')
    online$.next(false)
    await field('Start date').fill('2026-03-05')
    await field('Start time').fill('08:00')
    await expect.element(field('End date')).toHaveValue('2026-03-05')
    await expect.element(field('End time')).toHaveValue('08:30')
    await field('End time').fill('09:15')
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
    const moved = await calendar.event$(id).ready
    expect(moved).toMatchObject({ duration: 75, start_timestamp_ms: Date.parse('2026-03-05T07:00:00Z') })
  },
)

inBoth(
  editor,
  'it asks before deleting, and the focus goes with the question',
  async (show, { calendar, elsewhere }) => {
    elsewhere(id, {})
    const onclose = vi.fn()
    await show({ eventId: id, onclose })
    await button('Delete').click()
    await expect.element(button('No, keep it')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect.element(button('Delete')).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await button('Yes, delete it').click()
    await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
    expect(await calendar.event$(id).ready).toBeNull()
  },
)

inBoth(editor, 'it archives, and closes with Escape', async (show, { calendar, elsewhere, online$ }) => {
  elsewhere(id, {})
  const onclose = vi.fn()
  await show({ eventId: id, onclose })
  await expect.element(button('Archive')).toBeVisible()
  online$.next(false)
  await button('Archive').click()
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
  expect(await calendar.event$(id).ready).toMatchObject({ archived: true })
  await userEvent.keyboard('{Escape}')
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledTimes(2))
})

inBoth(
  editor,
  'R3: both versions are shown when another device wrote meanwhile, and the user chooses',
  async (show, world) => {
    const { calendar, elsewhere } = world
    elsewhere(id, {})
    const onclose = vi.fn()
    await show({ eventId: id, onclose })
    await titleField.fill('Mine')
    elsewhere(id, { title: 'Theirs', agenda: 'Bring the plan.' })
    await expect.element(field('Agenda')).toHaveValue('Bring the plan.')
    await expect.element(page.getByText(/taken over here: Agenda\./u)).toBeVisible()
    await expect.element(page.getByText(/on another device: Title\./u)).toBeVisible()
    await button('Save').click()
    await expect.element(page.getByRole('dialog', { name: 'Two versions' })).toBeVisible()
    const title = page.getByRole('group', { name: 'Title' })
    expect(title.element().textContent.replace(/\s+/gu, ' ')).toMatch(
      /Before ?Review ?Mine ?Mine ?Theirs ?Theirs/u,
    )
    await expect.element(title.getByRole('radio', { name: 'Mine Mine', exact: true })).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}{Enter}')
    await expect.element(titleField).toHaveValue('Theirs')
    await button('Save').click()
    await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
    expect(await calendar.event$(id).ready).toMatchObject({ title: 'Theirs', agenda: 'Bring the plan.' })
  },
)

inBoth(
  editor,
  'somebody who is invited answers, and changes nothing of the event',
  async (show, { calendar, elsewhere }) => {
    elsewhere(id, { owner_id: otherId })
    await show({ eventId: id, onclose: () => undefined })
    await expect.element(titleField).toBeDisabled()
    await expect.element(field('Show as')).toBeEnabled()
    await expect.element(page.getByRole('group', { name: 'Your answer' })).toBeVisible()
    expect(page.getByRole('button', { name: 'Delete' }).elements()).toEqual([])
    expect(await calendar.tide.outbox.pending$.ready).toEqual([])
  },
)
