import { fromCatalog, ident, type Sql } from '../sql/sql.js'

/** Names that are words of SQL's grammar are not found when they are quoted. */
const grammarTypes: Readonly<Record<string, string>> = {
  bigint: 'bigint',
  bit: 'bit',
  boolean: 'boolean',
  char: 'char',
  character: 'character',
  'character varying': 'character varying',
  dec: 'dec',
  decimal: 'decimal',
  'double precision': 'double precision',
  float: 'float',
  int: 'int',
  integer: 'integer',
  nchar: 'nchar',
  real: 'real',
  smallint: 'smallint',
  'time with time zone': 'time with time zone',
  'time without time zone': 'time without time zone',
  'timestamp with time zone': 'timestamp with time zone',
  'timestamp without time zone': 'timestamp without time zone',
}

/** The type a caller names in a cast, in lower case as PostgreSQL reads names without quotes. */
export function typeName(cast: string): Sql {
  const name = cast.toLowerCase().replace(/ +/g, ' ')
  const known = Object.hasOwn(grammarTypes, name) ? grammarTypes[name] : undefined
  return known === undefined ? ident(name) : fromCatalog(known)
}
