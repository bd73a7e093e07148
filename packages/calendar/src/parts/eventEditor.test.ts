import 'fake-indexeddb/auto'
import { afterEach, expect, test, vi } from 'vitest'
import { calendarWorld, now, otherId, userId, type CalendarWorld } from '../../test/calendarWorld.js'
import { eventEditor, type EditorOptions, type EventEditorPart } from './eventEditor.js'

const id = '00000000-0000-4000-8000-0000000000e1'
const open: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function world(options?: { online: boolean }): Promise<CalendarWorld> {
  const made = await calendarWorld(options)
  open.push(() => made.calendar.tide.stop())
  return made
}

function watched(options: Partial<EditorOptions> & Pick<EditorOptions, 'calendar'>): EventEditorPart {
  const editor = eventEditor({ timeZone: 'Europe/Berlin', clock: () => now, ...options })
  open.push(editor.state$.watch(() => undefined))
  return editor
}
const stateOf = (editor: EventEditorPart) => {
  const state = editor.state$.current
  if (!state) throw new Error('the editor has no state')
  return state
}
/** An editor of an event that came from the server. */
async function editing(changes = {}) {
  const made = await world()
  made.elsewhere(id, changes)
  made.calendar.tide.sync()
  const editor = watched({ calendar: made.calendar, eventId: id })
  await vi.waitFor(() => expect(stateOf(editor).stage).toBe('editing'))
  return { ...made, editor }
}
const event = ({ calendar }: CalendarWorld) => calendar.event$(id).ready

test('a new event begins at the next full hour; keyboard or not, moving its start moves its end along', async () => {
  const { calendar } = await world({ online: false })
  const editor = watched({ calendar })
  expect(stateOf(editor).mine).toMatchObject({
    startDate: '2026-03-02',
    startTime: '11:00',
    endTime: '12:00',
  })
  editor.set('startTime', '14:30')
  editor.set('startDate', '2026-03-04')
  expect(stateOf(editor).mine).toMatchObject({ startTime: '14:30', endDate: '2026-03-04', endTime: '15:30' })
  editor.set('endTime', '16:00')
  editor.set('title', ' Plan ')
  expect(await editor.save()).toBe('saved')
  const [made] = await calendar.events$({ from: now, to: now + 7 * 86_400_000 }).ready
  expect(made).toMatchObject({ title: 'Plan', duration: 90, role: 'owner', _pending: true })
  expect(made?.start_timestamp_ms).toBe(Date.parse('2026-03-04T13:30:00Z'))
})

test('what is wrong is said at the first try to save, and taken back as it is mended', async () => {
  const { calendar } = await world({ online: false })
  const editor = watched({ calendar })
  editor.set('endTime', '09:00')
  expect(stateOf(editor).problems).toEqual({})
  expect(await editor.save()).toBe('invalid')
  expect(stateOf(editor).problems).toEqual({ title: 'titleMissing', endDate: 'endBeforeStart' })
  editor.set('title', 'Plan')
  expect(stateOf(editor).problems).toEqual({ endDate: 'endBeforeStart' })
  editor.set('startDate', '')
  expect(stateOf(editor).problems).toEqual({ startDate: 'startMissing' })
  expect(await calendar.tide.outbox.pending$.ready).toEqual([])
})

test('only what was edited is written', async () => {
  const { calendar, editor, online$ } = await editing()
  online$.next(false)
  editor.set('title', 'Review, again')
  editor.set('show_time_as', 'free')
  expect(await editor.save()).toBe('saved')
  const pending = await calendar.tide.outbox.pending$.ready
  const [ofEvent, ofDetails] = ['events', 'event_details_personal'].map((table) =>
    pending.find((mutation) => mutation.table === table),
  )
  expect(Object.keys(ofEvent?.patch ?? {})).toEqual(['title', 'updated_at'])
  expect(ofDetails?.patch).toMatchObject({ show_time_as: 'free' })
})

test('a change of another device is taken over where nothing was written here', async () => {
  const { editor, elsewhere } = await editing()
  editor.set('agenda', 'Bring the plan.')
  elsewhere(id, { title: 'Moved', start_time: '2026-03-03T09:00:00Z' })
  await vi.waitFor(() => expect(stateOf(editor).taken).toEqual(['title', 'when']))
  expect(stateOf(editor)).toMatchObject({ conflicts: [], dirty: true })
  expect(stateOf(editor).mine).toMatchObject({
    title: 'Moved',
    agenda: 'Bring the plan.',
    startDate: '2026-03-03',
  })
})

test('what changed here and elsewhere must be chosen before it can be saved', async () => {
  const made = await editing()
  const { editor, elsewhere } = made
  editor.set('title', 'Mine')
  editor.set('agenda', 'Mine, too')
  elsewhere(id, { title: 'Theirs', agenda: 'Theirs, too' })
  await vi.waitFor(() => expect(stateOf(editor).conflicts).toEqual(['title', 'agenda']))
  expect(await editor.save()).toBe('conflict')
  editor.resolve(['title'])
  expect(stateOf(editor)).toMatchObject({ conflicts: [], mine: { title: 'Mine', agenda: 'Theirs, too' } })
  expect(await editor.save()).toBe('saved')
  expect(await event(made)).toMatchObject({ title: 'Mine', agenda: 'Theirs, too' })
})

test('nothing that was written is lost when the event is deleted meanwhile', async () => {
  const { calendar, editor, goneElsewhere } = await editing()
  editor.set('title', 'Still here')
  goneElsewhere(id)
  await vi.waitFor(() => expect(stateOf(editor).stage).toBe('gone'))
  expect(await editor.save()).toBe('saved')
  const shown = await calendar.events$({ from: now - 86_400_000, to: now + 86_400_000 }).ready
  expect(shown.map(({ title }) => title)).toEqual(['Still here'])
})

test('somebody who is invited writes only how they file the event', async () => {
  const { calendar, editor, online$ } = await editing({ owner_id: otherId })
  expect(stateOf(editor).owner).toBe(false)
  online$.next(false)
  editor.set('time_defense_level', 'high')
  expect(await editor.save()).toBe('saved')
  const [written, ...others] = await calendar.tide.outbox.pending$.ready
  expect(written).toMatchObject({ table: 'event_details_personal', patch: { user_id: userId } })
  expect(others).toEqual([])
})

test('a write that fails says why, and keeps the draft', async () => {
  const { calendar, editor } = await editing()
  editor.set('title', 'Unsaved')
  await calendar.tide.stop()
  expect(await editor.save()).toBe('failed')
  expect(stateOf(editor)).toMatchObject({ busy: false, mine: { title: 'Unsaved' } })
  expect(stateOf(editor).failure).toContain('tide.start')
})

test('an event that is not there is said to be missing', async () => {
  const { calendar } = await world()
  const editor = watched({ calendar, eventId: id })
  expect(stateOf(editor).stage).toBe('loading')
  await vi.waitFor(() => expect(stateOf(editor).stage).toBe('missing'))
})
