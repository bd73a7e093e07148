import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { month } from '../render/month.ts'
import { tell, type Looked } from '../render/tell.ts'
import { calendars } from '../scenario/seed.ts'
import * as told from '../scenarios/months.ts'
import { countDrawn } from '../render/countDrawn.ts'
import { gridRules } from '../render/gridRules.ts'

export default {
  title: 'Calendar/Month',
  parameters: {
    a11y: gridRules,
    docs: {
      description: {
        component:
          'The grid is FullCalendar; each event in it is an EventChip. Keyboard: Tab goes from event to event, Enter opens one, ' +
          'and Alt with the arrow keys moves and resizes it: see Keyboard.',
      },
    },
  },
} satisfies Meta

const story = tell(month.twins, 'Month', month.props)

const sees =
  (count: number, ...texts: string[]) =>
  async ({ canvasElement, canvas }: Looked): Promise<void> => {
    const chips = () => canvasElement.querySelectorAll('.story-grid .tm-event-chip')
    await waitFor(() => expect(chips()).toHaveLength(count))
    for (const text of texts)
      await expect(
        (await canvas.findAllByRole('button', { name: (name) => name.includes(text) }))[0],
      ).toBeVisible()
  }

/** No event of the kind is drawn outside of its place: a day, or the hours that it lasts. */
const keepsWithin =
  (place: string) =>
  async ({ canvasElement }: Looked): Promise<void> => {
    const chips = canvasElement.querySelectorAll(`${place} .tm-event-chip`)
    await expect(chips.length).toBeGreaterThan(0)
    for (const chip of chips) {
      const [inner, outer] = [chip.getBoundingClientRect(), chip.closest(place)?.getBoundingClientRect()]
      await expect(inner.left).toBeGreaterThanOrEqual((outer?.left ?? Infinity) - 1)
      await expect(inner.right).toBeLessThanOrEqual((outer?.right ?? -Infinity) + 1)
      await expect(inner.bottom).toBeLessThanOrEqual((outer?.bottom ?? -Infinity) + 1)
    }
  }

export const Empty = story({ scenario: told.empty, play: sees(0) })

export const FirstLoad = story({
  scenario: told.firstLoad,
  play: async ({ canvasElement, stage }) => {
    await expect(canvasElement.querySelector('.story-grid')).toBeVisible()
    await expect(stage.calendar.tide.status$.current).toMatchObject({ name: 'syncing' })
  },
})

export const FiveEvents = story({ scenario: told.five, play: sees(5, 'Stand-up 1', 'Workshop 5') })

export const FiftyEvents = story({ scenario: told.fifty, play: sees(50, 'Stand-up 1') })

export const FiveHundredEvents = story({
  scenario: told.fiveHundred,
  snapshot: false,
  play: async (at) => {
    await sees(500)(at)
    const [event] = await at.stage.calendar.events$({ from: 0, to: Date.parse('2026-04-01') }).ready
    const grid = at.canvasElement.querySelector('.story-grid') as HTMLElement
    const times: number[] = []
    for (let count = 1; count <= 7; count += 1) {
      const title = `Only this one, ${count} times`
      const change = () => at.stage.calendar.updateEvent(event?.id ?? '', { title })
      const { chips, script } = await countDrawn(grid, change)
      await expect(chips).toBe(1)
      times.push(script)
    }
    // The median: what else the machine does is no part of it.
    await expect(times.sort((a, b) => a - b)[3]).toBeLessThan(16)
  },
})

export const Shapes = story({
  scenario: told.shapes,
  play: async (at) => {
    await sees(7, 'Overlap one', 'Holiday', 'Conference', 'Night train', 'Retreat')(at)
    await keepsWithin('[data-date="2026-03-11"]')(at)
  },
})

export const Week = story({
  scenario: told.shapes,
  props: (stage) => ({ ...month.props(stage), view: 'timeGridWeek' }),
  play: async (at) => {
    const [chip] = await at.canvas.findAllByRole('button', { name: /Overlap two/ })
    await expect(chip).toBeVisible()
    await keepsWithin('.story-column-event')(at)
    await expect(chip?.clientHeight).toBeGreaterThan(80)
  },
})

export const RightToLeft = story({
  scenario: told.shapes,
  globals: { locale: 'ar-EG' },
  play: sees(7),
})

export const OutsideTheWindow = story({
  scenario: told.outsideWindow,
  globals: { clock: '2026-03-11T09:30:00+01:00' },
  props: ({ calendar }) => ({
    ...{ onmove: () => undefined },
    events$: calendar.events$({ from: Date.parse('2026-09-01'), to: Date.parse('2026-10-01') }),
  }),
  play: async ({ stage }) => {
    const range = { from: Date.parse('2026-09-01'), to: Date.parse('2026-10-01') }
    await waitFor(() => expect(stage.calendar.events$(range).current).toMatchObject([{ title: 'Far away' }]))
  },
})

export const Archived = story({
  scenario: told.archived,
  play: sees(1, 'Kept'),
})

export const HiddenCalendar = story({
  scenario: told.hidden,
  props: (stage) => ({
    ...month.props(stage),
    events$: stage.calendar.events$({
      from: Date.parse('2026-03-01'),
      to: Date.parse('2026-04-01'),
      calendarIds: [calendars.main, calendars.work],
    }),
  }),
  play: sees(2, 'Office', 'Nowhere'),
})
