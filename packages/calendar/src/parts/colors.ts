/** The colours that calendars and categories have; tokens.css says what each looks like. */
export const colors = [
  'blue',
  'green',
  'orange',
  'red',
  'purple',
  'pink',
  'teal',
  'cyan',
  'indigo',
  'lime',
  'yellow',
  'brown',
  'gray',
] as const
export type Color = (typeof colors)[number]

/** The colour of a row; one that is not known here is shown as blue, so that nothing is invisible. */
export const colorOf = (color: string | undefined): Color => colors.find((known) => known === color) ?? 'blue'
