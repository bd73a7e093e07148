import type { EventDto } from '../src/index.js'
import type { EventUi } from '../src/parts/eventUi.js'
import { eventMessages } from '../src/parts/messages/events.js'

const user = '00000000-0000-4000-8000-000000000001'

/** An event of the user's own on 2 March 2026, 09:00–09:30 UTC, changed as a test wants it. */
export function exampleEvent(changes: Partial<EventDto> = {}): EventDto {
  const start = Date.parse(changes.start_time ?? '2026-03-02T09:00:00Z')
  return {
    id: '00000000-0000-4000-8000-0000000000e1',
    owner_id: user,
    creator_id: user,
    title: 'Review',
    agenda: null,
    start_time: new Date(start).toISOString(),
    duration: 30,
    all_day: false,
    private: false,
    online_event: false,
    in_person: false,
    start_timestamp_ms: start,
    end_timestamp_ms: start + (changes.duration ?? 30) * 60_000,
    created_at: '2026-03-01T00:00:00Z',
    updated_at: '2026-03-01T00:00:00Z',
    show_time_as: 'busy',
    time_defense_level: 'normal',
    ai_managed: false,
    ai_instructions: null,
    calendar: null,
    category: null,
    role: 'owner',
    rsvp: 'accepted',
    following: false,
    archived: false,
    ...changes,
  }
}

/** Where components stand in the tests: English, in Berlin, unless a test says otherwise. */
export const exampleUi = (
  language: keyof typeof eventMessages = 'en',
  timeZone = 'Europe/Berlin',
): EventUi => ({
  locale: language === 'en' ? 'en-GB' : language,
  timeZone,
  messages: { events: eventMessages[language] },
})
