import { expect, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import ArchiveSvelte from '../src/svelte/ArchiveView.svelte'
import CalendarsSvelte from '../src/svelte/CalendarList.svelte'
import CategoriesSvelte from '../src/svelte/CategoryList.svelte'
import InvitationSvelte from '../src/svelte/InvitationCard.svelte'
import ArchiveVue from '../src/vue/ArchiveView.vue'
import CalendarsVue from '../src/vue/CalendarList.vue'
import CategoriesVue from '../src/vue/CategoryList.vue'
import InvitationVue from '../src/vue/InvitationCard.vue'
import { inBoth } from './both.js'
import { now, otherId, userId } from './calendarWorld.js'
import { eventRoles } from '../src/index.js'

const calendarList = { svelte: CalendarsSvelte, vue: CalendarsVue }
const categoryList = { svelte: CategoriesSvelte, vue: CategoriesVue }
const archive = { svelte: ArchiveSvelte, vue: ArchiveVue }
const invitation = { svelte: InvitationSvelte, vue: InvitationVue }
const id = '00000000-0000-4000-8000-0000000000e1'
const day = 86_400_000
const button = (name: string) => page.getByRole('button', { name, exact: true })

inBoth(
  calendarList,
  'the keyboard adds, renames, hides and deletes; the focus is never lost',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    await show({})
    await expect.element(page.getByText('No calendars yet.')).toBeVisible()
    await button('New calendar').click()
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('Give it a name.')).toBeVisible()
    await userEvent.keyboard('Work{Enter}')
    await expect.element(button('New calendar')).toHaveFocus()
    await button('Edit Work').click()
    await userEvent.keyboard(' and home{Enter}')
    await expect.element(button('Edit Work and home')).toHaveFocus()
    await page.getByRole('checkbox', { name: 'Work and home' }).click()
    await vi.waitFor(() => expect(calendar.calendars$().ready).resolves.toMatchObject([{ visible: false }]))
    await expect.element(page.getByRole('img', { name: 'Waiting for the server' })).toBeVisible()
    await button('Delete Work and home').click()
    await expect.element(page.getByText('No calendars yet.')).toBeVisible()
    await expect.element(button('New calendar')).toHaveFocus()
  },
)

inBoth(
  categoryList,
  'Escape takes an edit back; the default cannot be deleted',
  async (show, { calendar, online$ }) => {
    online$.next(false)
    await calendar.createCategory({ name: 'General', is_default: true })
    await show({})
    await button('Edit General').click()
    await userEvent.keyboard('xyz{Escape}')
    await expect.element(button('Edit General')).toHaveFocus()
    await expect.element(page.getByText('Default', { exact: true })).toBeVisible()
    expect(page.getByRole('button', { name: 'Delete General' }).elements()).toEqual([])
  },
)

inBoth(
  archive,
  'what is archived is shown with a way back',
  async (show, { calendar, elsewhere, online$ }) => {
    elsewhere(id, {})
    await vi.waitFor(() => expect(calendar.event$(id).ready).resolves.not.toBeNull())
    online$.next(false)
    await calendar.archiveEvent(id)
    await show({ from: now - day, to: now + day })
    await button('Unarchive Review').click()
    await expect.element(page.getByText('Nothing is archived in this time.')).toBeVisible()
    await expect.element(page.getByRole('heading', { name: 'Archive' })).toHaveFocus()
    expect(await calendar.event$(id).ready).toMatchObject({ archived: false })
  },
)

inBoth(invitation, 'an answer is given, shown as pressed, and taken back', async (show, world) => {
  const { calendar, elsewhere, online$, remote } = world
  elsewhere(id, { owner_id: otherId })
  const stamp = '2026-03-01T00:00:00Z'
  const role = {
    event_id: id,
    user_id: userId,
    role: 'viewer',
    rsvp: null,
    following: false,
    created_at: stamp,
  }
  remote.put(eventRoles as never, role)
  await vi.waitFor(() => expect(calendar.event$(id).ready).resolves.toMatchObject({ role: 'viewer' }))
  await vi.waitFor(() => expect(calendar.eventRoles$(id).ready).resolves.toHaveLength(1))
  online$.next(false)
  await show({ eventId: id })
  await expect.element(page.getByRole('article', { name: 'Review' })).toBeVisible()
  await button('Accept').click()
  await expect.element(page.getByRole('button', { name: 'Accept', pressed: true })).toHaveFocus()
  expect(await calendar.event$(id).ready).toMatchObject({ rsvp: 'accepted', _pending: true })
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('button', { name: 'Accept', pressed: false })).toBeVisible()
  await page.getByLabelText('Follow changes').click()
  await vi.waitFor(() =>
    expect(calendar.event$(id).ready).resolves.toMatchObject({ rsvp: null, following: true }),
  )
})
