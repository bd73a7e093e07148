/** One of the types a header lists. */
export interface MediaRange {
  /** In lower case, without parameters. */
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
  /** As it was given, without its weight. */
  readonly text: string
}

/**
 * Reads the header `Accept`. What is wanted more comes first; of what is wanted alike first what says more and leaves less open,
 * as PostgREST has it.
 */
export function byPreference(accept: string): MediaRange[] {
  const ranges = (accept.match(/(?:"[^"]*"|[^,])+/g) ?? []).map(toRange)
  return ranges.sort((a, b) => weightOf(b) - weightOf(a) || detailOf(b) - detailOf(a))
}

function weightOf({ parameters }: MediaRange): number {
  const weight = Number(parameters.get('q') ?? 1)
  return Number.isNaN(weight) ? 1 : weight
}

const detailOf = ({ text }: MediaRange) => occurrences(text, ';') - occurrences(text, '*')

const occurrences = (text: string, sign: string) => text.split(sign).length - 1

function toRange(given: string): MediaRange {
  const [type = '', ...rest] = (given.match(/(?:"[^"]*"|[^;])+/g) ?? []).map((part) => part.trim())
  const shown = rest.filter((part) => !/^q\s*=/i.test(part))
  return { type: type.toLowerCase(), parameters: new Map(rest.map(toPair)), text: [type, ...shown].join(';') }
}

function toPair(part: string): [name: string, value: string] {
  const [, name = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/s.exec(part) ?? []
  return [name.toLowerCase(), value.replace(/^"(.*)"$/s, '$1')]
}
