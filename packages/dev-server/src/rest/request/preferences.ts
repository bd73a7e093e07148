import { RestError } from '../errors.js'

/** What the caller prefers; what was not said is left out. */
export interface Preferences {
  readonly resolution?: 'merge-duplicates' | 'ignore-duplicates'
  readonly missing?: 'default' | 'null'
  readonly return?: 'representation' | 'minimal' | 'headers-only'
  readonly count?: 'exact' | 'planned' | 'estimated'
  readonly tx?: 'commit' | 'rollback'
  readonly handling?: 'strict' | 'lenient'
  /** A name or an offset, as PostgreSQL knows them. */
  readonly timezone?: string
  readonly maxAffected?: number
}

const choices: Readonly<Record<string, readonly string[]>> = {
  resolution: ['merge-duplicates', 'ignore-duplicates'],
  missing: ['default', 'null'],
  return: ['representation', 'minimal', 'headers-only'],
  count: ['exact', 'planned', 'estimated'],
  tx: ['commit', 'rollback'],
  handling: ['strict', 'lenient'],
}

/**
 * Reads the header `Prefer`; of two that contradict each other the first holds.
 * @param allowsTx whether the end of the transaction may be chosen
 * @throws RestError PGRST122 for what nobody knows, when handling is strict
 */
export function parsePreferences(header = '', allowsTx = true): Preferences {
  const given = header.split(',').map((text) => text.trim())
  const read = given.filter((text) => text !== '').map((text) => toPreference(text) ?? text)
  const found: Record<string, string | number> = {}
  for (const [name, value] of read.filter((one) => typeof one !== 'string')) found[name] ??= value
  const unknown = read.filter((one) => typeof one === 'string')
  if (found.handling === 'strict' && unknown.length > 0) throw invalid(unknown)
  const { tx: _tx, ...withoutTx } = found
  return allowsTx ? found : withoutTx
}

function toPreference(text: string): [name: string, value: string | number] | undefined {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? []
  if (name === 'timezone') return [name, value]
  if (name === 'max-affected') return /^\d+$/.test(value) ? ['maxAffected', Number(value)] : undefined
  return Object.hasOwn(choices, name) && choices[name]?.includes(value) ? [name, value] : undefined
}

const invalid = (unknown: readonly string[]) =>
  new RestError(400, {
    code: 'PGRST122',
    message: 'Invalid preferences given with handling=strict',
    details: `Invalid preferences: ${unknown.join(', ')}`,
  })

/** The header `Preference-Applied`, in PostgREST's order. */
export function appliedHeader(
  preferences: Preferences,
  applicable: readonly (keyof Preferences)[],
): Record<string, string> {
  const { maxAffected, ...named } = preferences
  const order = ['resolution', 'missing', 'return', 'count', 'tx', 'handling', 'timezone'] as const
  const applied = order.filter((name) => named[name] !== undefined && applicable.includes(name))
  const texts: string[] = applied.map((name) => `${name}=${String(named[name])}`)
  if (maxAffected !== undefined && named.handling === 'strict' && applicable.includes('maxAffected')) {
    texts.push(`max-affected=${String(maxAffected)}`)
  }
  return texts.length === 0 ? {} : { 'Preference-Applied': texts.join(', ') }
}
