import type { FoundColumn } from './catalog.js'
import { constantName, quoted } from './names.js'

const types: Readonly<Record<string, string>> = {
  uuid: 'z.guid()',
  text: 'z.string()',
  'character varying': 'z.string()',
  character: 'z.string()',
  citext: 'z.string()',
  smallint: 'z.int()',
  integer: 'z.int()',
  bigint: 'z.int()',
  numeric: 'z.number()',
  real: 'z.number()',
  'double precision': 'z.number()',
  boolean: 'z.boolean()',
  'timestamp with time zone': 'z.iso.datetime({ offset: true })',
  'timestamp without time zone': 'z.iso.datetime({ local: true })',
  date: 'z.iso.date()',
  'time without time zone': 'z.iso.time()',
  json: 'z.json()',
  jsonb: 'z.json()',
}

/** The zod schema of a column, as PostgREST shows its values in JSON. */
export function columnSchema(column: FoundColumn): string {
  const single = column.values ? enumName(column.type) : (types[column.type] ?? 'z.unknown()')
  const limited = column.length === null ? single : `${single}.max(${column.length})`
  const whole = column.array ? `z.array(${limited})` : limited
  return `${whole}${column.required ? '' : '.nullable()'}${standardOf(column)}`
}

/** The constant that holds an enum. */
export const enumName = (type: string): string => constantName(type, 'Enum')

/** The enums that columns use, each once. */
export function enumsOf(columns: readonly FoundColumn[]): string[] {
  const found = new Map(columns.flatMap(({ type, values }) => (values ? [[type, values] as const] : [])))
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, values]) => `export const ${enumName(type)} = z.enum([${values.map(quoted).join(', ')}])`)
}

/** A default that is a plain value; anything else is left to the server. */
function standardOf({ standard, array, generated }: FoundColumn): string {
  if (standard === null || array || generated) return ''
  if (/^(true|false|-?\d{1,15}(\.\d{1,10})?)$/.test(standard)) return `.default(${standard})`
  const [, text] = /^'((?:[^']|'')*)'::(?:text|character varying|"?[\w.]+"?)$/.exec(standard) ?? []
  return text === undefined || !isText(standard) ? '' : `.default(${quoted(text.replaceAll("''", "'"))})`
}

/** Quoted values of other types, such as times, are no texts in every notation. */
const isText = (standard: string): boolean =>
  !/::(jsonb?|uuid|date|time|timestamp|interval|bytea|numeric|integer|bigint)/.test(standard)
