import { RestError } from '../errors.js'

/** How the rows are to be written. */
export interface Media {
  readonly shape: 'array' | 'object' | 'csv'
  /** Leaves out members that are null. */
  readonly stripNulls: boolean
  /** The header `Content-Type` of the answer. */
  readonly contentType: string
}

const json: Media = { shape: 'array', stripNulls: false, contentType: 'application/json; charset=utf-8' }

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
  const stripNulls = parameters.includes('nulls=stripped')
  switch (type) {
    case '*/*':
    case 'application/*':
    case 'application/json':
      return json
    case 'application/vnd.pgrst.array+json':
      return stripNulls ? { shape: 'array', stripNulls, contentType: typed('array') } : json
    case 'application/vnd.pgrst.object+json':
    case 'application/vnd.pgrst.object':
      return { shape: 'object', stripNulls, contentType: stripNulls ? typed('object') : objectType }
    case 'text/csv':
      return { shape: 'csv', stripNulls: false, contentType: 'text/csv; charset=utf-8' }
    default:
      return undefined
  }
}

const objectType = 'application/vnd.pgrst.object+json; charset=utf-8'
const typed = (shape: string) => `application/vnd.pgrst.${shape}+json;nulls=stripped; charset=utf-8`
