import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { chips } from '../render/chips.ts'
import { tell, type Looked } from '../render/tell.ts'
import * as told from '../scenarios/conflicts.ts'

export default {
  title: 'Sync/Conflict',
  parameters: {
    docs: {
      description: {
        component:
          'What becomes of an event that was changed here and elsewhere, by the policy that an app gives to `createCalendar({ conflict })`. ' +
          'Each story tells the same two changes. What is being typed in the editor while another device writes is another matter: see ' +
          'ConflictDialog.',
      },
    },
  },
} satisfies Meta

const story = tell(chips.twins, 'Conflict', chips.props)

/** This is what holds, here and on the server, and nothing was parked. */
const holds =
  (title: string, times: string) =>
  async ({ canvas, stage }: Looked): Promise<void> => {
    const chip = await canvas.findByRole('img', { name: (name) => name.includes(title) })
    await waitFor(() => expect(chip).toHaveTextContent(times))
    await expect(chip).toHaveAttribute('data-sync', 'saved')
    await expect(stage.server.rows('events')).toMatchObject([{ title }])
    await expect(stage.calendar.tide.status$.current).toMatchObject({ pending: 0, parked: 0 })
  }

export const ByMerge = story({ scenario: told.byMerge, play: holds('Ada’s title', '14:00–15:30') })

export const ByUpdatedAt = story({
  scenario: told.byUpdatedAt,
  play: holds('Their title', '10:00–11:30'),
})

export const ByFunction = story({
  scenario: told.byFunction,
  play: holds('Ada’s title / Their title', '14:00–15:30'),
})
