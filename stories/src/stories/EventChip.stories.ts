import type { Meta } from '@storybook/html-vite'
import { expect, fn } from 'storybook/test'
import { chips } from '../render/chips.ts'
import { tell, type Looked } from '../render/tell.ts'
import * as told from '../scenarios/events.ts'
import { shapes } from '../scenarios/months.ts'
import * as writes from '../scenarios/writes.ts'

export default {
  title: 'Events/EventChip',
  parameters: {
    docs: {
      description: {
        component:
          'An event as it stands in a grid or list. Its colour is its calendar’s; fill and edge say how the time is shown; icons ' +
          'mark what else it is, and whether the server knows it already. Parts: time, title, the time in another zone, marks. ' +
          'With a listener it is a button: Enter and Space open the event. One name says everything that is shown, beginning with ' +
          'the text as it is seen.',
      },
    },
  },
} satisfies Meta

const story = tell(chips.twins, 'EventChip', chips.props)

/** Each of the texts is part of the name of an event that is seen. */
const named =
  (...texts: string[]) =>
  async ({ canvas }: Looked): Promise<void> => {
    for (const text of texts) {
      const [first] = await canvas.findAllByRole('img', { name: (label) => label.includes(text) })
      await expect(first).toBeVisible()
    }
  }

export const ShownAs = story({
  scenario: told.shownAs,
  play: named('Free', 'Tentative', 'Busy', 'Out of office', 'Working elsewhere'),
})

export const DefenseLevels = story({
  scenario: told.defenseLevels,
  play: named('Flexible', 'High protection', 'Hard block'),
})

export const Roles = story({
  scenario: told.roles,
  play: named('Viewer, Accepted', 'Contributor, Accepted', 'Delegate, Accepted', 'As owner'),
})

export const Answers = story({
  scenario: told.answers,
  play: named('Viewer, Accepted', 'Viewer, Maybe', 'Viewer, Declined', 'Viewer, Not answered'),
})

export const Marks = story({
  scenario: told.marks,
  play: named('Holiday', 'Private', 'Managed by the assistant', 'Calendar: Family', 'Category: Focus'),
})

export const Brief = story({
  scenario: shapes,
  props: (stage) => ({ ...chips.props(stage), brief: true }),
  play: async (at) => {
    await named('09:00 Overlap one, 09:00–11:00', 'Holiday, All day')(at)
    await expect(at.canvas.queryByText('All day')).toBeNull()
  },
})

export const HostileText = story({
  scenario: told.hostileText,
  play: async (at) => {
    await named('<img src=x onerror=alert(1)>', '週次チームミーティング')(at)
    await expect(at.canvasElement.querySelector('img')).toBeNull()
    const list = at.canvas.getByRole('list')
    await expect(list.scrollWidth).toBeLessThanOrEqual(list.clientWidth)
  },
})

export const OtherTimeZone = story({
  scenario: told.otherZones,
  props: (stage) => ({ ...chips.props(stage), otherTimeZone: 'America/New_York' }),
  play: named('New York'),
})

export const SummerTimeBegins = story({
  scenario: told.summerTime,
  globals: { clock: '2026-03-29T01:30:00+01:00' },
  play: named('Night shift'),
})

export const Arabic = story({
  scenario: told.answers,
  globals: { locale: 'ar-EG' },
  play: async ({ canvas, canvasElement }) => {
    await canvas.findByRole('img', { name: /Declined/ })
    await expect(getComputedStyle(canvasElement.querySelector('.story-chips') as Element).direction).toBe(
      'rtl',
    )
  },
})

export const German = story({ scenario: told.shownAs, globals: { locale: 'de-DE' }, play: named('Abwesend') })

export const Japanese = story({
  scenario: told.shownAs,
  globals: { locale: 'ja-JP' },
  play: named('Budget review'),
})

export const Compact = story({
  scenario: told.shownAs,
  globals: { density: 'compact' },
  play: named('Budget review'),
})

const opened = fn()
export const AsButton = story({
  scenario: told.marks,
  props: (stage) => ({ ...chips.props(stage), otherTimeZone: 'America/New_York', onopen: opened }),
  play: async ({ canvas, userEvent }) => {
    opened.mockClear()
    const buttons = await canvas.findAllByRole('button')
    for (const button of buttons) {
      const seen = Array.from(button.querySelectorAll(':scope > :not(.tm-event-chip__marks)'))
      const text = seen.map(({ textContent }) => textContent).join(' ')
      await expect(button.getAttribute('aria-label')?.startsWith(`${text}, `)).toBe(true)
    }
    await userEvent.tab()
    await expect(buttons[0]).toHaveFocus()
    await userEvent.keyboard('{Enter}')
    await expect(opened).toHaveBeenCalledOnce()
  },
})

export const PendingCreate = story({ scenario: writes.pendingCreate, play: named('Waiting for the server') })

export const PendingUpdate = story({
  scenario: writes.pendingUpdate,
  play: named('Design review, moved to the garden'),
})

export const PendingMove = story({
  scenario: writes.pendingMove,
  play: async ({ canvas }) => {
    const chip = await canvas.findByRole('img', { name: /Waiting for the server/ })
    await expect(chip).toHaveTextContent('16:00')
  },
})

export const PendingDelete = story({
  scenario: writes.pendingDelete,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('img', { name: /Team lunch/ })).toBeVisible()
    await expect(canvas.queryByRole('img', { name: /Design review/ })).toBeNull()
  },
})

export const Drained = story({
  scenario: writes.drained,
  play: async (at) => {
    await named('Written on the train')(at)
    await expect(at.canvas.queryByRole('img', { name: /Waiting for the server/ })).toBeNull()
    await expect(at.stage.server.rows('events')).toHaveLength(3)
  },
})

export const RefusedAndRolledBack = story({
  scenario: writes.refusedUpdate,
  play: async (at) => {
    await named('Grace’s review')(at)
    await expect(at.canvas.queryByRole('img', { name: /Mine now/ })).toBeNull()
    await expect(at.stage.calendar.tide.outbox.parked$.current).toHaveLength(1)
  },
})

export const ChangedByAnotherDevice = story({
  scenario: writes.changedElsewhere,
  play: async (at) => {
    await named('Design review')(at)
    at.stage.otherDevice(({ patch }) => patch('events', writes.first, { title: 'Design review in room 4' }))
    await named('Design review in room 4')(at)
  },
})

export const LostByPermission = story({
  scenario: writes.lostByPermission,
  play: async (at) => {
    await named('Still shared')(at)
    await expect(at.canvas.queryByRole('img', { name: /Not shared any more/ })).toBeNull()
  },
})

export const WarmLoadOffline = story({
  scenario: writes.warmOffline,
  play: named('Design review', 'Team lunch'),
})
