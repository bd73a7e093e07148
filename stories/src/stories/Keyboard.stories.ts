import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { gridRules } from '../render/gridRules.ts'
import { month } from '../render/month.ts'
import { tell, type Looked } from '../render/tell.ts'
import type { Stage } from '../scenario/stage.ts'
import * as told from '../scenarios/keyboard.ts'

export default {
  title: 'Calendar/Keyboard',
  parameters: {
    a11y: gridRules,
    docs: {
      description: {
        component:
          'Events are moved and resized in the grid by their chips. Keyboard: Tab goes from chip to chip; Alt with an arrow moves the ' +
          'event by a day in reading direction, by a week in a month, by 15 minutes in a week; with Shift its end. The focus goes with ' +
          'the chip. Screen reader: the keys are the chip’s description and shortcuts, and LiveAnnouncer tells when the event is now.',
      },
    },
  },
} satisfies Meta

const story = tell(month.twins, 'Month', month.props)

/** The chips of an event, by its title; there are several when it goes on in another week. */
const chipsOf = async ({ canvas }: Looked, title: string): Promise<HTMLElement[]> =>
  canvas.findAllByRole('button', { name: (name) => name.includes(title) })

interface Pressed {
  /** The day that the chip stands on then. */
  readonly day: string
  /** What LiveAnnouncer says; browsers write dashes in several ways. */
  readonly said: RegExp
  /** Which of the event's chips. */
  readonly chip?: number
}

/** Presses keys on a chip, and waits until it stands on a day, has the focus, and what became of it was told. */
const press =
  (title: string, keys: string, { day, said, chip = 0 }: Pressed) =>
  async (at: Looked): Promise<void> => {
    const { canvasElement, userEvent } = at
    const chips = await chipsOf(at, title)
    chips[chip]?.focus()
    await userEvent.keyboard(keys)
    const announced = canvasElement.querySelector('.tm-announcer[aria-live]')
    await waitFor(() => expect(announced).toHaveTextContent(said))
    await waitFor(async () => {
      const focused = document.activeElement
      await expect((await chipsOf(at, title))[chip]).toBe(focused)
      await expect(focused?.closest('[data-date]')).toHaveAttribute('data-date', day)
    })
  }

/** One after the other; then everything is on the server. */
const all =
  (...steps: readonly ((at: Looked) => Promise<void>)[]) =>
  async (at: Looked): Promise<void> => {
    for (const step of steps) await step(at)
    await at.stage.until(({ tide }) => tide.outbox.pending$.current?.length === 0)
    await waitFor(() => expect(at.canvasElement.querySelector('[data-sync="pending"]')).toBeNull())
  }

const alt = (arrow: string): string => `{Alt>}{Arrow${arrow}}{/Alt}`
const altShift = (arrow: string): string => `{Alt>}{Shift>}{Arrow${arrow}}{/Shift}{/Alt}`
const week = (stage: Stage) => ({ ...month.props(stage), view: 'timeGridWeek' })

export const Moved = story({
  scenario: told.toMove,
  play: async (at) => {
    await all(
      press('Design review', alt('Right'), { day: '2026-03-12', said: /Moved to 12 Mar 2026, 10:00/ }),
      press('Design review', alt('Down'), { day: '2026-03-19', said: /Moved to 19 Mar 2026, 10:00/ }),
      press('Design review', alt('Left'), { day: '2026-03-18', said: /Moved to 18 Mar 2026, 10:00/ }),
    )(at)
    await expect(at.stage.server.rows('events')).toContainEqual(
      expect.objectContaining({ title: 'Design review', start_time: '2026-03-18T09:00:00.000Z' }),
    )
  },
})

export const Resized = story({
  scenario: told.toResize,
  play: all(
    press('Conference', altShift('Right'), { day: '2026-03-09', said: /Changed to 9.{1,3}11 Mar 2026/ }),
    press('Conference', altShift('Left'), { day: '2026-03-09', said: /Changed to 9.{1,3}10 Mar 2026/ }),
    press('Conference', altShift('Left'), { day: '2026-03-09', said: /Changed to 9 Mar 2026/ }),
    press('Conference', altShift('Left'), { day: '2026-03-09', said: /This event cannot be changed so\./ }),
  ),
  snapshot: false,
})

export const InAWeek = story({
  scenario: told.toResize,
  props: week,
  play: all(
    press('Design review', alt('Down'), {
      day: '2026-03-11',
      said: /Moved to 11 Mar 2026, 10:15.{1,3}10:45/,
    }),
    press('Design review', alt('Left'), {
      day: '2026-03-10',
      said: /Moved to 10 Mar 2026, 10:15.{1,3}10:45/,
    }),
    press('Design review', altShift('Down'), {
      day: '2026-03-10',
      said: /Changed to 10 Mar 2026, 10:15.{1,3}11:00/,
    }),
  ),
})

export const SeveralWeeks = story({
  scenario: told.toResize,
  play: all(
    press('Retreat', altShift('Right'), {
      day: '2026-03-23',
      said: /Changed to 20.{1,3}25 Mar 2026/,
      chip: 1,
    }),
    press('Retreat', alt('Right'), { day: '2026-03-23', said: /Moved to 21.{1,3}26 Mar 2026/, chip: 1 }),
  ),
  snapshot: false,
})

export const SummerTimeBegins = story({
  scenario: told.toMove,
  play: all(
    press('Early shift', alt('Right'), { day: '2026-03-29', said: /Moved to 29 Mar 2026, 09:00.{1,3}10:00/ }),
  ),
  snapshot: false,
})

export const RightToLeft = story({
  scenario: told.toMove,
  globals: { locale: 'ar-EG' },
  play: all(press('Design review', alt('Left'), { day: '2026-03-12', said: /نُقل إلى/ })),
  snapshot: false,
})

export const NotHers = story({
  scenario: told.notHers,
  play: async ({ canvas }) => {
    const chip = await canvas.findByRole('img', { name: /Grace’s review/ })
    await expect(chip).not.toHaveAttribute('aria-keyshortcuts')
    await expect(chip).not.toHaveAttribute('aria-description')
  },
  snapshot: false,
})
