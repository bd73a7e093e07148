/** A message of a Phoenix channel. */
export interface Frame {
  readonly joinRef: string | null
  readonly ref: string | null
  readonly topic: string
  readonly event: string
  readonly payload: Payload
}

export type Payload = Readonly<Record<string, unknown>>

/** What somebody broadcasts: a JSON value, or bytes. */
export interface Message {
  readonly event: string
  readonly payload: unknown
  readonly meta?: Payload
}
