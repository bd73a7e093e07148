import { expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { refused } from '../../core/test/memoryRemote.js'
import DrawerSvelte from '../src/svelte/OutboxDrawer.svelte'
import DrawerVue from '../src/vue/OutboxDrawer.vue'
import AnnouncerSvelte from '../src/svelte/LiveAnnouncer.svelte'
import AnnouncerVue from '../src/vue/LiveAnnouncer.vue'
import SignInSvelte from '../src/svelte/SignInNotice.svelte'
import SignInVue from '../src/vue/SignInNotice.vue'
import BarSvelte from '../src/svelte/StatusBar.svelte'
import BarVue from '../src/vue/StatusBar.vue'
import StorageSvelte from '../src/svelte/StorageNotice.svelte'
import StorageVue from '../src/vue/StorageNotice.vue'
import { inBoth } from './both.js'
import type { CalendarWorld } from './calendarWorld.js'

const bar = { svelte: BarSvelte, vue: BarVue }
const drawer = { svelte: DrawerSvelte, vue: DrawerVue }
const announcer = { svelte: AnnouncerSvelte, vue: AnnouncerVue }
const signIn = { svelte: SignInSvelte, vue: SignInVue }
const storage = { svelte: StorageSvelte, vue: StorageVue }
const button = (name: string) => page.getByRole('button', { name, exact: true })

/** Has the server refuse writes of calendars until it is told otherwise, and makes one that it refuses. */
async function refusedCalendar({ calendar, remote }: CalendarWorld): Promise<() => void> {
  remote.before = (method) => {
    if (method === 'insert') throw refused('42501')
  }
  await calendar.createCalendar({ name: 'Work', color: 'blue', type: 'user', visible: true })
  await vi.waitFor(() => expect(calendar.tide.outbox.parked$.current).toHaveLength(1))
  return () => {
    remote.before = () => undefined
  }
}

inBoth(
  bar,
  'it says that the device is offline and what waits, then that all is synced',
  async (show, world) => {
    world.online$.next(false)
    await world.calendar.createEvent({ title: 'Review', start_time: '2026-03-02T09:00:00Z', duration: 30 })
    await show({ onoutbox: () => undefined })
    const region = page.getByRole('region', { name: 'Synchronisation' })
    await expect.element(region).toMatchTextContent(/Offline.*Waiting to be sent: [1-9]/u)
    await expect.element(button('Outbox')).toBeVisible()
    world.online$.next(true)
    await expect.element(region).toMatchTextContent(/Synced.*Last synced: 10:20/u)
    await expect.element(region).not.toMatchTextContent(/Waiting/u)
  },
)

inBoth(
  drawer,
  'R5: a refused write is edited by keyboard and sent; the focus stays inside',
  async (show, world) => {
    const accept = await refusedCalendar(world)
    await show({ onclose: () => undefined })
    await expect.element(page.getByRole('article', { name: 'New: Calendar · Work' })).toBeVisible()
    await expect.element(page.getByText('You are not allowed to do this.')).toBeVisible()
    await button('Edit').click()
    await expect.element(page.getByLabelText('Name')).toHaveFocus()
    await userEvent.keyboard('{Escape}')
    await expect.element(button('Edit')).toHaveFocus()
    accept()
    await userEvent.keyboard('{Enter} at home{Enter}')
    await expect.element(page.getByText('Everything has been sent.')).toBeVisible()
    expect([...world.remote.rows('user_calendars').values()].map(({ name }) => name)).toContain(
      'Work at home',
    )
    await vi.waitFor(() => expect(document.activeElement?.closest('dialog')).not.toBeNull())
  },
)

inBoth(
  drawer,
  'a refused write is discarded only when it was asked twice; Escape closes',
  async (show, world) => {
    await refusedCalendar(world)
    const onclose = vi.fn()
    await show({ onclose })
    await button('Discard').click()
    await expect.element(button('Keep')).toHaveFocus()
    expect(world.calendar.tide.outbox.parked$.current).toHaveLength(1)
    await button('Yes, discard').click()
    await expect.element(page.getByText('Everything has been sent.')).toBeVisible()
    expect(world.calendar.tide.outbox.parked$.current).toEqual([])
    await userEvent.keyboard('{Escape}')
    await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce())
  },
)

inBoth(
  announcer,
  'it tells of going offline, of what was sent, and of what was refused',
  async (show, world) => {
    await show({})
    const status = page.getByRole('status')
    await expect.element(status).toHaveTextContent('')
    world.online$.next(false)
    await expect.element(status).toMatchTextContent(/^Offline\./u)
    await world.calendar.createCalendar({ name: 'Focus', color: 'red', type: 'user', visible: true })
    world.online$.next(true)
    await expect.element(status).toHaveTextContent('All changes are sent.')
    // The same is read again only if it was gone meanwhile.
    const read: (string | null)[] = []
    const reader = new MutationObserver(() => read.push(status.element().textContent))
    reader.observe(status.element(), { childList: true, characterData: true, subtree: true })
    await world.calendar.createCalendar({ name: 'Garden', color: 'green', type: 'user', visible: true })
    await expect.poll(() => read).toEqual(['', 'All changes are sent.'])
    reader.disconnect()
    await refusedCalendar(world)
    await expect.element(status).toMatchTextContent(/^The server refused changes: 1/u)
  },
)

inBoth(
  signIn,
  'R8: it says why the user must sign in, and that what was written is kept',
  async (show, world) => {
    const onsignin = vi.fn()
    await show({ onsignin })
    await expect.element(button('Sign in')).not.toBeInTheDocument()
    world.online$.next(false)
    await world.calendar.createCalendar({ name: 'Work', color: 'blue', type: 'user', visible: true })
    world.remote.session$.next(undefined)
    world.online$.next(true)
    await expect
      .element(page.getByRole('alert'))
      .toMatchTextContent(/signed out.*kept.*Waiting to be sent: 1/u)
    await button('Sign in').click()
    expect(onsignin).toHaveBeenCalledOnce()
  },
)

inBoth(
  storage,
  'it says when a newer version has taken over, and shows nothing of other errors',
  async (show) => {
    const { unmount } = await show({ error: { code: 'refused' } })
    await expect.element(page.getByRole('alert')).toHaveTextContent('')
    await unmount()
    await show({ error: { code: 'storage-superseded' }, onreload: () => undefined })
    await expect.element(page.getByRole('alert')).toMatchTextContent(/newer version/u)
    await expect.element(button('Reload')).toBeVisible()
  },
)
