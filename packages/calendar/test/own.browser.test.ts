import { expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import PickerSvelte from '../src/svelte/PersonaPicker.svelte'
import WorkSvelte from '../src/svelte/WorkPeriods.svelte'
import PickerVue from '../src/vue/PersonaPicker.vue'
import WorkVue from '../src/vue/WorkPeriods.vue'
import { inBoth } from './both.js'

const work = { svelte: WorkSvelte, vue: WorkVue }
const picker = { svelte: PickerSvelte, vue: PickerVue }
const button = (name: string) => page.getByRole('button', { name, exact: true })
const radio = (name: string) => page.getByRole('radio', { name, exact: true })

inBoth(
  work,
  'the keyboard adds, changes and deletes work periods; the focus is never lost',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    await show({})
    await expect.element(page.getByText('No work periods yet.')).toBeVisible()
    await button('Add').click()
    await expect.element(page.getByLabelText('Day')).toHaveFocus()
    await expect.element(page.getByLabelText('Day')).toHaveDisplayValue('Monday')
    await userEvent.keyboard('{Tab}{Enter}')
    await expect.element(button('Add')).toHaveFocus()
    await expect.element(page.getByRole('list', { name: 'Monday' })).toHaveTextContent('09:00–17:00')
    await expect.element(page.getByRole('img', { name: 'Waiting for the server' })).toBeVisible()
    await button('Edit Monday 09:00–17:00').click()
    await page.getByLabelText('Day').selectOptions('Friday')
    await page.getByLabelText('To').fill('12:30')
    await userEvent.keyboard('{Enter}')
    await expect.element(button('Edit Friday 09:00–12:30')).toHaveFocus()
    expect(await calendar.workPeriods$().ready).toMatchObject([
      { weekday: 5, start_time: '09:00', end_time: '12:30' },
    ])
    await button('Remove Friday 09:00–12:30').click()
    await expect.element(page.getByText('No work periods yet.')).toBeVisible()
    await expect.element(button('Add')).toHaveFocus()
  },
)

inBoth(
  work,
  'what ends before it starts or overlaps is refused with a sentence, and Escape takes it back',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    await calendar.createWorkPeriod({ weekday: 1, start_time: '09:00', end_time: '12:00' })
    await show({})
    await expect.element(page.getByRole('heading', { name: 'Monday' })).toBeVisible()
    await button('Add').click()
    await expect.element(page.getByLabelText('Day')).toHaveDisplayValue('Tuesday')
    await page.getByLabelText('To').fill('08:00')
    await userEvent.keyboard('{Enter}')
    const from = page.getByLabelText('From')
    await expect.element(from).toHaveFocus()
    await expect.element(from).toHaveAccessibleDescription('A work period ends after it starts.')
    await page.getByLabelText('Day').selectOptions('Monday')
    await from.fill('11:00')
    await page.getByLabelText('To').fill('13:00')
    await userEvent.keyboard('{Enter}')
    await expect.element(from).toHaveAccessibleDescription('There is a work period at this time already.')
    await userEvent.keyboard('{Escape}')
    await expect.element(button('Add')).toHaveFocus()
    expect(await calendar.workPeriods$().ready).toHaveLength(1)
  },
)

inBoth(
  picker,
  'the arrow keys choose an assistant, or none, and the app is told',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    const { id: coach } = await calendar.createPersona({ name: 'Coach', greeting: 'Ready when you are.' })
    await calendar.createPersona({ name: 'Secretary', is_default: true })
    const onchoose = vi.fn()
    await show({ optional: true, onchoose })
    await expect.element(page.getByRole('group', { name: 'Assistant' })).toBeVisible()
    await expect.element(radio('Secretary')).toBeChecked()
    await expect.element(radio('Secretary')).toHaveAccessibleDescription('Default')
    await page.getByRole('button', { name: 'before' }).click()
    await userEvent.keyboard('{Tab}')
    await expect.element(radio('Secretary')).toHaveFocus()
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(radio('Coach')).toBeChecked()
    await expect.element(radio('Coach')).toHaveAccessibleDescription('Ready when you are.')
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(radio('No assistant')).toBeChecked()
    expect(onchoose.mock.calls).toEqual([[coach], [null]])
  },
)

inBoth(picker, 'without assistants it says so; the one that was chosen is checked', async (show, world) => {
  const { calendar, online$ } = world
  online$.next(false)
  const { unmount } = await show({ optional: true })
  await expect.element(page.getByText('No assistants yet.')).toBeVisible()
  await unmount()
  const { id: chosen } = await calendar.createPersona({ name: 'Coach' })
  await calendar.createPersona({ name: 'Secretary', is_default: true })
  await show({ chosen })
  await expect.element(radio('Coach')).toBeChecked()
  expect(radio('No assistant').elements()).toEqual([])
})
