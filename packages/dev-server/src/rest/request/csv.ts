import { invalidBody } from './invalidBody.js'

/**
 * Reads CSV with a line of names first, as rows. `NULL` is null.
 * @throws RestError PGRST102 when a line has more or fewer fields than there are names
 */
export function parseCsv(text: string): Record<string, string | null>[] {
  const [names = [], ...lines] = readLines(text)
  return lines.map((line) => {
    if (line.length !== names.length) throw invalidBody('All lines must have same number of fields')
    return Object.fromEntries(names.map((name, place) => [name, toValue(line[place] ?? '')]))
  })
}

const toValue = (field: string) => (field === 'NULL' ? null : field)

/** Fields may be quoted, and then hold commas, line ends and doubled quotes. */
function readLines(text: string): string[][] {
  const lines: string[][] = [[]]
  const ended = text.endsWith('\n') ? text : `${text}\n`
  for (const [, quoted, bare = '', end = ''] of ended.matchAll(fields)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end !== ',') lines.push([])
  }
  return lines.slice(0, -1)
}

const fields = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/gy
