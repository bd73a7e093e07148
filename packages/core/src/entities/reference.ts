/** One value of a label, as it stands in a drop-down. */
export interface LabelOption {
  readonly value: string
  readonly label: string
  /** What else the server says of it, such as a colour. */
  readonly [property: string]: unknown
}

/** One type of entity that the app has. */
export interface EntityCode {
  readonly code: string
  readonly label: string
  readonly [property: string]: unknown
}

/** The settings of the app, by name. */
export type Settings = Readonly<Record<string, unknown>>
