import { RestError } from '../errors.js'

/** How the rows are to be written. */
export interface Media {
  readonly shape: 'array' | 'object' | 'csv' | 'geojson'
  /** Leaves out members that are null. */
  readonly stripNulls: boolean
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

/** One of the types a header lists. */
interface MediaRange {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Chooses by the header `Accept`: of the types that are known the one that is wanted most.
 * @param allowsPlans whether plans may be asked for
 * @throws RestError PGRST107 when none is known
 */
export function negotiate(accept = '*/*', allowsPlans = false): Media {
  const wanted = byPreference(accept)
  const media = wanted.map((range) => toMedia(range, allowsPlans)).find((found) => found !== undefined)
  if (media) return media
  throw new RestError(406, {
    code: 'PGRST107',
    message: `None of these media types are available: ${wanted.map(({ type }) => type).join(', ')}`,
  })
}

/** What is wanted more comes first; what is wanted alike stays in order. */
export function byPreference(accept: string): MediaRange[] {
  const ranges = (accept.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map(toRange)
  const weight = ({ parameters }: MediaRange) => Number(parameters.get('q') ?? 1)
  return ranges.sort((a, b) => weight(b) - weight(a))
}

function toRange(text: string): MediaRange {
  const [type = '', ...rest] = (text.match(/(?:"[^"]*"|[^;"])+/g) ?? []).map((part) => part.trim())
  const pairs = rest.map((part): [string, string] => {
    const [, name = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/s.exec(part) ?? []
    return [name.toLowerCase(), value.replace(/^"(.*)"$/s, '$1')]
  })
  return { type: type.toLowerCase(), parameters: new Map(pairs) }
}

function toMedia({ type, parameters }: MediaRange, allowsPlans: boolean): Media | undefined {
  const plan = /^application\/vnd\.pgrst\.plan(?:\+(text|json))?$/.exec(type)
  if (plan) return allowsPlans ? toPlan(plan[1] === 'json' ? 'json' : 'text', parameters) : undefined
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
  if (shape === undefined) return undefined
  const stripNulls = type.startsWith('application/vnd.pgrst.') && parameters.get('nulls') === 'stripped'
  return { shape, stripNulls, contentType: `${nameOf(shape, stripNulls)}; charset=utf-8` }
}

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
function toPlan(format: 'text' | 'json', parameters: ReadonlyMap<string, string>): Media | undefined {
  const [range] = byPreference(parameters.get('for') ?? 'application/json')
  const inner = range && toMedia(range, false)
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
