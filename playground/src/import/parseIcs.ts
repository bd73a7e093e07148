export function parseIcs(
  _text: string,
  _window: { from: Date; to: Date },
): {
  events: {
    title: string
    agenda: string | null
    start: Date
    durationMinutes: number
    allDay: boolean
    private: boolean
    showTimeAs: 'busy'
  }[]
} {
  return { events: [] }
}
