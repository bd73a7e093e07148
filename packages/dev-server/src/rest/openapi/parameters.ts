import type { Table } from '../catalog/catalog.js'
import { described } from './definitions.js'

const text = (name: string, description: string, place: 'query' | 'header' = 'query') => ({
  name,
  description,
  required: false,
  in: place,
  type: 'string',
})

const prefer = (choices: readonly string[]) => ({
  ...text('Prefer', 'Preference', 'header'),
  ...(choices.length > 0 && { enum: choices }),
})

const returns = ['return=representation', 'return=minimal', 'return=none']
const resolutions = ['resolution=ignore-duplicates', 'resolution=merge-duplicates']

const common = {
  preferParams: prefer([]),
  preferReturn: prefer(returns),
  preferCount: prefer(['count=none']),
  preferPost: prefer([...returns, ...resolutions]),
  select: text('select', 'Filtering Columns'),
  on_conflict: text('on_conflict', 'On Conflict'),
  order: text('order', 'Ordering'),
  range: text('Range', 'Limiting and Pagination', 'header'),
  rangeUnit: { ...text('Range-Unit', 'Limiting and Pagination', 'header'), default: 'items' },
  offset: text('offset', 'Limiting and Pagination'),
  limit: text('limit', 'Limiting and Pagination'),
}

/** The parameters that operations share, by name. */
export function parametersOf(tables: readonly Table[]): Record<string, unknown> {
  return { ...common, ...Object.fromEntries(tables.flatMap(ofTable)) }
}

function ofTable({ name, columns }: Table): [string, unknown][] {
  const schema = { $ref: `#/definitions/${name}` }
  return [
    [`body.${name}`, { name, description: name, required: false, in: 'body', schema }],
    ...columns.map((column): [string, unknown] => [
      `rowFilter.${name}.${column.name}`,
      { name: column.name, required: false, in: 'query', type: 'string', ...described(column.description) },
    ]),
  ]
}
