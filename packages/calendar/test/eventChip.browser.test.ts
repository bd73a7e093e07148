import { expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import ChipSvelte from '../src/svelte/EventChip.svelte'
import ChipVue from '../src/vue/EventChip.vue'
import { inBoth } from './both.js'
import { otherId } from './calendarWorld.js'
import { exampleEvent } from './exampleEvent.js'

const chip = { svelte: ChipSvelte, vue: ChipVue }
const start = '2026-03-02T09:00:00Z'

inBoth(
  chip,
  'Enter and Space open the event; its name says time, title, day and states',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    const id = await calendar.createEvent({ title: 'Review', start_time: start, duration: 30, private: true })
    const onopen = vi.fn()
    await show({ event: await calendar.event$(id).ready, onopen })
    await userEvent.tab()
    await userEvent.tab()
    const button = page.getByRole('button', {
      name: /^10:00.10:30 Review, 2 Mar 2026, Busy, Waiting for the server, Private$/u,
    })
    await expect.element(button).toHaveFocus()
    await userEvent.keyboard('{Enter} ')
    expect(onopen.mock.calls).toEqual([[id], [id]])
  },
)

inBoth(chip, 'its text is in its name as it stands there, words apart', async (show) => {
  const { container } = await show({ event: exampleEvent(), otherTimeZone: 'Asia/Tokyo' })
  const shown = container.querySelector('.tm-event-chip')
  const text = shown?.textContent.replace(/\s+/gu, ' ').trim()
  expect(text).toMatch(/^10:00.10:30 Review 18:00.18:30 in Tokyo$/u)
  expect(shown?.getAttribute('aria-label')?.replace(/\s+/gu, ' ')).toContain(text)
})

inBoth(chip, 'without a listener it is no stop of the keyboard', async (show) => {
  await show({ event: exampleEvent() })
  await expect.element(page.getByRole('img', { name: /Review/u })).toBeVisible()
  await userEvent.tab()
  await userEvent.tab()
  await expect.element(page.getByRole('button', { name: 'after', exact: true })).toHaveFocus()
})

inBoth(chip, 'hostile and endless titles are text, and stay inside the chip', async (show) => {
  const title = `<img src=x onerror="window.hacked=1">\u202E${'x'.repeat(400)}`
  const { container } = await show({ event: exampleEvent({ title }) }, { locale: 'ar' })
  const shown = container.querySelector('.tm-event-chip')
  expect(container.querySelector('img')).toBeNull()
  expect(shown?.textContent).not.toContain('\u202E')
  expect(shown?.scrollHeight).toBeLessThanOrEqual(40)
  expect(shown?.getBoundingClientRect().width).toBeLessThanOrEqual(container.getBoundingClientRect().width)
})

inBoth(chip, 'it is at least 24 px high, and its words are readable on its colour', async (show) => {
  const calendar = { id: 'c', name: 'Work', color: 'yellow' }
  const { container } = await show({ event: exampleEvent({ calendar }), onopen: () => undefined })
  const shown = container.querySelector('.tm-event-chip')
  if (!shown) throw new Error('there is no chip')
  expect(shown.getBoundingClientRect().height).toBeGreaterThanOrEqual(24)
  const { color, backgroundColor } = getComputedStyle(shown)
  expect(color).toBe('rgb(255, 255, 255)')
  expect(backgroundColor).toBe('rgb(115, 86, 0)')
})

inBoth(
  chip,
  'its owner moves it by keyboard, and the browser does not go back in its history',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    const id = await calendar.createEvent({ title: 'Review', start_time: start, duration: 30 })
    const event = await calendar.event$(id).ready
    await show({ event, movable: 'week' })
    const pressed: Event[] = []
    await userEvent.tab()
    await userEvent.tab()
    const button = page.getByRole('button', { name: /Review/u })
    await expect.element(button).toHaveFocus()
    await expect
      .element(button)
      .toHaveAttribute('aria-keyshortcuts', expect.stringContaining('Alt+ArrowLeft'))
    button.element().addEventListener('keydown', (event) => pressed.push(event))
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}')
    await vi.waitFor(async () =>
      expect(await calendar.tide.tables.events.get(id)).toMatchObject({
        start_time: '2026-03-01T09:00:00.000Z',
        duration: 30,
      }),
    )
    expect(pressed.at(-1)?.defaultPrevented).toBe(true)
  },
)

inBoth(chip, 'an event of somebody else is not moved by keyboard', async (show) => {
  const { container } = await show({ event: exampleEvent({ owner_id: otherId }), movable: 'month' })
  const shown = container.querySelector('.tm-event-chip')
  expect(shown?.tagName).toBe('SPAN')
  expect(shown?.hasAttribute('aria-keyshortcuts')).toBe(false)
})
