import { anything, type FindHandler, type MediaHandler } from '../catalog/handlers.js'
import { RestError } from '../errors.js'
import { byPreference, type MediaRange } from './accept.js'

/** How the rows are to be written. */
export interface Media {
  readonly shape: 'array' | 'object' | 'csv' | 'geojson'
  /** Leaves out members that are null. */
  readonly stripNulls: boolean
  /** What of the app's own writes them instead. */
  readonly handler?: MediaHandler
  /** Instead of rows, how PostgreSQL would find them. */
  readonly plan?: PlanRequest
  /** The header `Content-Type` of the answer. */
  readonly contentType: string
}

export interface PlanRequest {
  readonly format: 'text' | 'json'
  readonly options: readonly PlanOption[]
}

const planOptions = ['analyze', 'verbose', 'settings', 'buffers', 'wal'] as const
export type PlanOption = (typeof planOptions)[number]

/** What there is to choose from. */
export interface Offer {
  /** Whether plans may be asked for. */
  readonly allowsPlans: boolean
  /** What the app itself has. */
  readonly own: FindHandler
}

/** What every request is offered. */
export const nothingMore: Offer = { allowsPlans: false, own: () => undefined }

/**
 * Chooses by the header `Accept`: of the types that are known the one that is wanted most.
 * @throws RestError PGRST107 when none is known
 */
export function negotiate(accept = anything, offer = nothingMore): Media {
  const wanted = byPreference(accept)
  for (const range of wanted) {
    const media = toMedia(range, offer)
    if (media) return media
  }
  throw notAvailable(wanted)
}

/** PGRST107 */
export const notAvailable = (wanted: readonly MediaRange[]) =>
  new RestError(406, {
    code: 'PGRST107',
    message: `None of these media types are available: ${wanted.map(({ text }) => text).join(', ')}`,
  })

function toMedia({ type, parameters }: MediaRange, offer: Offer): Media | undefined {
  const plan = /^application\/vnd\.pgrst\.plan(?:\+(text|json))?$/.exec(type)
  if (plan)
    return offer.allowsPlans ? toPlan(plan[1] === 'json' ? 'json' : 'text', parameters, offer) : undefined
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
  const stripNulls = type.startsWith('application/vnd.pgrst.') && parameters.get('nulls') === 'stripped'
  // Those with parameters of their own are PostgREST's alone; the others an app may write as it likes.
  const handler = stripNulls || shape === 'object' ? undefined : offer.own(plainName(type, shape))
  if (handler) return ownMedia(handler)
  if (shape === undefined) return undefined
  return { shape, stripNulls, contentType: `${nameOf(shape, stripNulls)}; charset=utf-8` }
}

const plainName = (type: string, shape: Media['shape'] | undefined) =>
  type.startsWith('application/vnd.pgrst.') && shape === 'array' ? 'application/json' : type

function ownMedia(handler: MediaHandler): Media {
  const { mediaType, answersAs } = handler
  const contentType =
    mediaType === anything
      ? 'application/octet-stream'
      : texts.includes(mediaType)
        ? `${mediaType}; charset=utf-8`
        : answersAs
  return { shape: 'array', stripNulls: false, handler, contentType }
}

/** Types of which PostgREST knows that they are texts. */
const texts: readonly string[] = [
  'application/json',
  'application/geo+json',
  'application/openapi+json',
  'application/x-www-form-urlencoded',
  'text/csv',
  'text/plain',
  'text/xml',
]

const shapes: Readonly<Record<string, Media['shape']>> = {
  '*/*': 'array',
  'application/*': 'array',
  'application/json': 'array',
  'application/vnd.pgrst.array': 'array',
  'application/vnd.pgrst.array+json': 'array',
  'application/vnd.pgrst.object': 'object',
  'application/vnd.pgrst.object+json': 'object',
  'application/geo+json': 'geojson',
  'text/csv': 'csv',
}

function nameOf(shape: Media['shape'], stripNulls: boolean): string {
  if (shape === 'csv') return 'text/csv'
  if (shape === 'geojson') return 'application/geo+json'
  if (stripNulls) return `application/vnd.pgrst.${shape}+json;nulls=stripped`
  return shape === 'object' ? 'application/vnd.pgrst.object+json' : 'application/json'
}

/** The plan of a statement that would write its rows as `for` says. */
function toPlan(
  format: PlanRequest['format'],
  parameters: MediaRange['parameters'],
  offer: Offer,
): Media | undefined {
  const [range] = byPreference(parameters.get('for') ?? 'application/json')
  const inner = range && toMedia(range, { ...offer, allowsPlans: false })
  if (!inner) return undefined
  const given = (parameters.get('options') ?? '').split('|')
  const options = planOptions.filter((option) => given.includes(option))
  const suffix = options.length === 0 ? '' : `; options=${options.join('|')}`
  const written = inner.contentType.replace('; charset=utf-8', '')
  return {
    ...inner,
    plan: { format, options },
    contentType: `application/vnd.pgrst.plan+${format}; for="${written}"${suffix}; charset=utf-8`,
  }
}
