import { RestError } from '../errors.js'

/** How the rows are to be written. */
export interface Media {
  readonly shape: 'array' | 'object' | 'csv'
  /** Leaves out members that are null. */
  readonly stripNulls: boolean
  /** The header `Content-Type` of the answer. */
  readonly contentType: string
}

/**
 * Chooses by the header `Accept`; the first that is known holds.
 * @throws RestError PGRST107 when none is
 */
export function negotiate(accept = '*/*'): Media {
  const wanted = accept.split(',').map((text) => text.trim().toLowerCase())
  const media = wanted.map(toMedia).find((found) => found !== undefined)
  if (media) return media
  throw new RestError(406, {
    code: 'PGRST107',
    message: `None of these media types are available: ${wanted.join(', ')}`,
  })
}

function toMedia(text: string): Media | undefined {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim())
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
  if (shape === undefined) return undefined
  const stripNulls = type.startsWith('application/vnd.pgrst.') && parameters.includes('nulls=stripped')
  return { shape, stripNulls, contentType: contentTypeOf(shape, stripNulls) }
}

const shapes: Readonly<Record<string, Media['shape']>> = {
  '*/*': 'array',
  'application/*': 'array',
  'application/json': 'array',
  'application/vnd.pgrst.array+json': 'array',
  'application/vnd.pgrst.object+json': 'object',
  'application/vnd.pgrst.object': 'object',
  'text/csv': 'csv',
}

function contentTypeOf(shape: Media['shape'], stripNulls: boolean): string {
  if (shape === 'csv') return 'text/csv; charset=utf-8'
  if (stripNulls) return `application/vnd.pgrst.${shape}+json;nulls=stripped; charset=utf-8`
  return shape === 'object'
    ? 'application/vnd.pgrst.object+json; charset=utf-8'
    : 'application/json; charset=utf-8'
}
