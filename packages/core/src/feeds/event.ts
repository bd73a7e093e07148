import {
  $ZodArray,
  $ZodEnum,
  $ZodNumber,
  $ZodObject,
  $ZodOptional,
  $ZodRecord,
  $ZodString,
  $ZodUnknown,
  _minLength,
  safeParse,
  type $ZodIssue,
  type $ZodType,
} from 'zod/v4/core'

const actions = {
  create: 'create',
  update: 'update',
  delete: 'delete',
  approve: 'approve',
  reject: 'reject',
} as const

export type FeedAction = keyof typeof actions

const optional = (innerType: $ZodType): $ZodType => new $ZodOptional({ type: 'optional', innerType })
const string = new $ZodString({ type: 'string' })
const name = new $ZodString({ type: 'string', checks: [_minLength(1)] })

const eventSchema = new $ZodObject({
  type: 'object',
  shape: {
    type: name,
    id: name,
    factoryId: name,
    action: new $ZodEnum({ type: 'enum', entries: actions }),
    changedKeys: optional(new $ZodArray({ type: 'array', element: string })),
    version: optional(new $ZodNumber({ type: 'number', checks: [] })),
    ts: optional(string),
    patch: optional(
      new $ZodRecord({ type: 'record', keyType: string, valueType: new $ZodUnknown({ type: 'unknown' }) }),
    ),
  },
})

/** What the server tells of one document. Values come only with `patch`; everything else says no more than where to look. */
export interface FeedEvent {
  /** The document's type. */
  readonly type: string
  /** `anyId` for a summary of many that were created or deleted. */
  readonly id: string
  /** The scope: whoever works in another one does not act on the event. */
  readonly factoryId: string
  readonly action: FeedAction
  /** The columns that changed; left out where it is not known. */
  readonly changedKeys?: readonly string[] | undefined
  /** Grows with each change of the document. */
  readonly version?: number | undefined
  /** When it happened, as ISO text. */
  readonly ts?: string | undefined
  /** The new values of the changed columns. */
  readonly patch?: Readonly<Record<string, unknown>> | undefined
}

/** The id of an event that says: some documents of this type. Lists are fetched, and no document is touched. */
export const anyId = '*'

/** A message that is no event, and why. */
export interface FeedProblem {
  readonly message: string
  /** What came. */
  readonly value: unknown
}

/** Reads what came over the wire: an event, or what is wrong with it. Unknown fields are left out. */
export function readEvent(value: unknown): FeedEvent | FeedProblem {
  const { data, error } = safeParse(eventSchema, value)
  return (data as FeedEvent | undefined) ?? { message: error?.issues.map(explain).join('; ') ?? '', value }
}

const explain = ({ path, message }: $ZodIssue): string => `${path.join('.') || 'event'}: ${message}`

export const isEvent = (read: FeedEvent | FeedProblem): read is FeedEvent => 'action' in read
