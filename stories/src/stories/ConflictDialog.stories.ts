import { EventEditor as Svelte } from '@tidemark/calendar/svelte'
import { EventEditor as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell, type Looked } from '../render/tell.ts'
import { id } from '../scenario/people.ts'
import * as told from '../scenarios/editing.ts'

export default {
  title: 'Events/ConflictDialog',
  parameters: {
    docs: {
      story: { inline: false, height: '44rem' },
      description: {
        component:
          'Asks which of two versions shall hold, field by field or for all. It opens from the editor. Keyboard: Tab goes from field to ' +
          'field, the arrow keys choose in one, Enter applies, Escape decides later; the focus returns to where it came from. Screen ' +
          'reader: a modal dialog; each field is a group of radio buttons by its name.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'ConflictDialog', () => ({
  eventId: id('event', 1),
  onclose: () => undefined,
}))

/** Both sides write title and agenda; Ada asks to compare them, by keyboard alone. */
async function compare({ canvas, userEvent, stage }: Looked): Promise<void> {
  const title = await canvas.findByLabelText('Title')
  await waitFor(() => expect(title).toHaveValue('Design review'))
  await userEvent.type(title, ', mine')
  await userEvent.type(canvas.getByLabelText('Agenda'), 'My notes.')
  const theirs = { title: 'Design review, theirs', agenda: 'Their notes.' }
  stage.otherDevice(({ patch }) => patch('events', id('event', 1), theirs))
  const button = await canvas.findByRole('button', { name: 'Compare and choose' })
  button.focus()
  await userEvent.keyboard('{Enter}')
  await expect(await canvas.findByRole('dialog', { name: 'Two versions' })).toBeVisible()
}

/** What the editor holds after the choice. */
const edited = async ({ canvas }: Looked, title: string, agenda: string): Promise<void> => {
  await waitFor(() => expect(canvas.queryByRole('dialog', { name: 'Two versions' })).toBeNull())
  await expect(canvas.getByLabelText('Title')).toHaveValue(title)
  await expect(canvas.getByLabelText('Agenda')).toHaveValue(agenda)
}

export const TwoVersions = story({
  scenario: told.ownEvent,
  play: async (at) => {
    await compare(at)
    await expect(at.canvas.getByRole('group', { name: 'Title' })).toHaveTextContent('Design review, theirs')
    await expect(at.canvas.getByRole('group', { name: 'Agenda' })).toHaveTextContent('Their notes.')
  },
})

export const OneOfEach = story({
  scenario: told.ownEvent,
  play: async (at) => {
    await compare(at)
    const { canvas, userEvent } = at
    await waitFor(() => expect(canvas.getAllByRole('radio', { name: /^Mine/ })[0]).toHaveFocus())
    await userEvent.keyboard('{ArrowDown}')
    await expect(canvas.getAllByRole('radio', { name: /^Theirs/ })[0]).toBeChecked()
    await userEvent.keyboard('{Enter}')
    await edited(at, 'Design review, theirs', 'My notes.')
  },
  snapshot: false,
})

export const AllOfTheirs = story({
  scenario: told.ownEvent,
  play: async (at) => {
    await compare(at)
    await at.userEvent.click(at.canvas.getByRole('button', { name: 'Take all of theirs' }))
    await at.userEvent.click(at.canvas.getByRole('button', { name: 'Apply the choice' }))
    await edited(at, 'Design review, theirs', 'Their notes.')
  },
  snapshot: false,
})

export const AllOfMineSaved = story({
  scenario: told.ownEvent,
  play: async (at) => {
    await compare(at)
    const { canvas, userEvent, stage } = at
    await userEvent.click(canvas.getByRole('button', { name: 'Keep all of mine' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Apply the choice' }))
    await edited(at, 'Design review, mine', 'My notes.')
    await userEvent.click(canvas.getByRole('button', { name: 'Save' }))
    await waitFor(() =>
      expect(stage.server.rows('events')).toMatchObject([
        { title: 'Design review, mine', agenda: 'My notes.' },
      ]),
    )
  },
  snapshot: false,
})

export const DecidedLater = story({
  scenario: told.ownEvent,
  play: async (at) => {
    await compare(at)
    await at.userEvent.click(at.canvas.getByRole('button', { name: 'Decide later' }))
    await edited(at, 'Design review, mine', 'My notes.')
    await expect(at.canvas.getByRole('button', { name: 'Compare and choose' })).toHaveFocus()
  },
  snapshot: false,
})
