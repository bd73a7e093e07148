import { scenario } from '../scenario/scenario.ts'
import { calendars, categories, invitation } from '../scenario/seed.ts'

const at = (time: string, day = '2026-03-11'): string => `${day}T${time}:00+01:00`

export const shownAs = scenario({
  happened:
    'Five events say of Ada’s time that it is free, tentative, busy, out of office and working elsewhere.',
  can: 'Tell them apart by fill, edge and icon, without their colour.',
  play: async ({ events, openSynced }) => {
    events([
      { title: 'Open office hour', at: at('09:00'), filed: { show_time_as: 'free' } },
      { title: 'Maybe lunch', at: at('12:00'), filed: { show_time_as: 'tentative' } },
      { title: 'Budget review', at: at('13:00'), filed: { show_time_as: 'busy' } },
      { title: 'Dentist', at: at('15:00'), filed: { show_time_as: 'oof' } },
      { title: 'Visit to the plant', at: at('16:00'), filed: { show_time_as: 'working_elsewhere' } },
    ])
    await openSynced()
  },
})

export const defenseLevels = scenario({
  happened: 'Ada has said of four events how strongly her time for them is defended.',
  can: 'See at a glance which events may be moved by an assistant.',
  play: async ({ events, openSynced }) => {
    events([
      { title: 'Reading', at: at('09:00'), filed: { time_defense_level: 'flexible' } },
      { title: 'Team', at: at('10:00'), filed: { time_defense_level: 'normal' } },
      { title: 'Board', at: at('11:00'), filed: { time_defense_level: 'high' } },
      { title: 'Surgery', at: at('14:00'), filed: { time_defense_level: 'hard_block' } },
    ])
    await openSynced()
  },
})

export const roles = scenario({
  happened: 'Grace has invited Ada to three events in different roles; a fourth is Ada’s own.',
  can: 'Open each: only one’s own event can be changed, and how one files any of them.',
  play: async ({ events, openSynced }) => {
    events([
      invitation({ title: 'As viewer', at: at('09:00'), role: 'viewer', rsvp: 'accepted' }),
      invitation({ title: 'As contributor', at: at('10:00'), role: 'contributor', rsvp: 'accepted' }),
      invitation({ title: 'As delegate', at: at('11:00'), role: 'delegate_full', rsvp: 'accepted' }),
      { title: 'As owner', at: at('12:00') },
    ])
    await openSynced()
  },
})

export const answers = scenario({
  happened:
    'Ada has accepted one invitation, perhaps comes to another, declined a third, and not answered a fourth.',
  can: 'Open an event to answer, or to change the answer.',
  play: async ({ events, openSynced }) => {
    events([
      invitation({ title: 'Accepted', at: at('09:00'), rsvp: 'accepted' }),
      invitation({ title: 'Perhaps', at: at('10:00'), rsvp: 'tentative' }),
      invitation({ title: 'Declined', at: at('11:00'), rsvp: 'declined' }),
      invitation({ title: 'Not answered', at: at('12:00') }),
    ])
    await openSynced()
  },
})

export const marks = scenario({
  happened:
    'Events that are private, managed by the assistant, filed under calendars and categories, and all day.',
  can: 'Read the icons, or hear them in the name of each event.',
  play: async ({ events, openSynced }) => {
    events([
      { title: 'Holiday', at: '2026-03-11T00:00:00Z', duration: 1440, all_day: true },
      { title: 'Therapy', at: at('09:00'), private: true, filed: { calendar_id: calendars.main } },
      {
        title: 'Inbox',
        at: at('10:00'),
        filed: { ai_managed: true, calendar_id: calendars.work, category_id: categories.focus },
      },
      { title: 'School play', at: at('18:00'), filed: { calendar_id: calendars.family } },
    ])
    await openSynced()
  },
})

export const hostileText = scenario({
  happened:
    'Titles that are very long, in another script, full of markup, or turn the direction of what follows.',
  can: 'Read each on one line; nothing of it is run, and no neighbour is turned around.',
  play: async ({ events, openSynced }) => {
    events([
      { title: `Quarterly ${'very '.repeat(40)}long review`, at: at('09:00') },
      { title: '<img src=x onerror=alert(1)>', at: at('10:00') },
      { title: '\u202Etfel ot thgir', at: at('11:00') },
      { title: 'اجتماع الفريق الأسبوعي', at: at('12:00') },
      { title: '週次チームミーティング', at: at('13:00') },
      { title: 'Donau\u00ADdampf\u00ADschiff\u00ADfahrts\u00ADgesellschaft👩‍👩‍👧‍👧', at: at('14:00') },
    ])
    await openSynced()
  },
})

export const otherZones = scenario({
  happened: 'Ada works in Berlin with people in New York, and looks at their time as well.',
  can: 'Read both times in each event.',
  play: async ({ events, openSynced }) => {
    events([
      { title: 'Call New York', at: at('15:00') },
      { title: 'Handover', at: at('23:30') },
    ])
    await openSynced()
  },
})

export const summerTime = scenario({
  happened: 'Summer time begins in the night: the hour from two to three is left out.',
  can: 'See that an event from half past one to half past three lasts an hour.',
  play: async ({ events, openSynced }) => {
    events([{ title: 'Night shift', at: at('01:30', '2026-03-29'), duration: 60 }])
    await openSynced()
  },
})
