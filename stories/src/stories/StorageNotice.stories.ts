import { StorageNotice as Svelte } from '@tidemark/calendar/svelte'
import { StorageNotice as Vue } from '@tidemark/calendar/vue'
import type { Meta } from '@storybook/html-vite'
import { expect, waitFor } from 'storybook/test'
import { tell } from '../render/tell.ts'
import { blockedUpgrade } from '../scenarios/status.ts'
import * as told from '../scenarios/sync.ts'

export default {
  title: 'Sync/StorageNotice',
  parameters: {
    docs: {
      description: {
        component:
          'Says that this device cannot store, and what helps. Shows nothing while storage works. Keyboard: Tab reaches the button. ' +
          'Screen reader: an alert, told at once.',
      },
    },
  },
} satisfies Meta

const story = tell({ svelte: Svelte, vue: Vue }, 'StorageNotice', (stage) => ({
  // A page of its own would be loaded again; here the app alone is.
  onreload: () => {
    stage.disk.broken = false
    void stage.reopen()
  },
}))

export const Nothing = story({
  scenario: told.synced,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('alert')).toBeEmptyDOMElement()
  },
  snapshot: false,
})

export const StorageFull = story({
  scenario: told.storageFull,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/The device is full/)).toBeVisible()
  },
})

export const StorageFailed = story({
  scenario: told.storageFailed,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/storage failed/)).toBeVisible()
  },
})

export const Reloaded = story({
  scenario: told.storageFailed,
  play: async ({ canvas, userEvent, stage }) => {
    const reload = await canvas.findByRole('button', { name: 'Reload' })
    reload.focus()
    await userEvent.keyboard('{Enter}')
    await stage.synced()
    await waitFor(() => expect(canvas.getByRole('alert')).toBeEmptyDOMElement())
  },
  snapshot: false,
})

export const BlockedUpgrade = story({
  scenario: blockedUpgrade,
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/Close the other tabs of this app/)).toBeVisible()
  },
})

export const OtherTabClosed = story({
  scenario: blockedUpgrade,
  play: async ({ canvas, stage }) => {
    await expect(await canvas.findByText(/Close the other tabs of this app/)).toBeVisible()
    stage.disk.closeOlderTab()
    await stage.synced()
    await waitFor(() => expect(canvas.getByRole('alert')).toBeEmptyDOMElement())
  },
  snapshot: false,
})
