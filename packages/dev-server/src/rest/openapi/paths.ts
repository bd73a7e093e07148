import type { Argument, DatabaseFunction, Table } from '../catalog/catalog.js'
import { described } from './definitions.js'
import { typeWords } from './types.js'

const ref = (name: string) => ({ $ref: `#/parameters/${name}` })

/** The first line of a comment, and what follows it. */
function summed(comment: string | null) {
  if (comment === null) return {}
  const [summary = '', ...rest] = comment.split('\n')
  const description = rest.join('\n').replace(/^\n+/, '')
  return { summary, ...(description !== '' && { description }) }
}

const answer = (description: string) => ({ description })

/** What can be done with a table. */
export function tablePath(table: Table) {
  const about = { tags: [table.name], ...summed(table.description) }
  const filters = table.columns.map(({ name }) => ref(`rowFilter.${table.name}.${name}`))
  const page = ['select', 'order', 'range', 'rangeUnit', 'offset', 'limit', 'preferCount'].map(ref)
  const rows = { type: 'array', items: { $ref: `#/definitions/${table.name}` } }
  const body = ref(`body.${table.name}`)
  return {
    get: {
      ...about,
      parameters: [...filters, ...page],
      responses: { '200': { ...answer('OK'), schema: rows }, '206': answer('Partial Content') },
    },
    ...(table.canInsert && {
      post: {
        ...about,
        parameters: [body, ref('select'), ref('preferPost')],
        responses: { '201': answer('Created') },
      },
    }),
    ...(table.canUpdate && {
      patch: {
        ...about,
        parameters: [...filters, body, ref('preferReturn')],
        responses: { '204': answer('No Content') },
      },
    }),
    ...(table.canDelete && {
      delete: {
        ...about,
        parameters: [...filters, ref('preferReturn')],
        responses: { '204': answer('No Content') },
      },
    }),
  }
}

/** How a function is called. */
export function functionPath({ name, description, args, isVolatile }: DatabaseFunction) {
  const about = {
    tags: [`(rpc) ${name}`],
    ...summed(description),
    produces: ['application/json', 'application/vnd.pgrst.object+json'],
    responses: { '200': answer('OK') },
  }
  const required = args.filter(({ hasDefault }) => !hasDefault).map((arg) => arg.name)
  const schema = {
    ...described(description),
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(args.map((arg) => [arg.name, typeWords(arg.type)])),
    type: 'object',
  }
  const body = { name: 'args', in: 'body', required: true, schema }
  return {
    ...(!isVolatile && { get: { ...about, parameters: args.map(inQuery) } }),
    post: { ...about, parameters: [body, ref('preferParams')] },
  }
}

/** In a query string an array is written as text, and a list of arguments one by one. */
function inQuery({ name, type, hasDefault, isVariadic }: Argument) {
  const common = { name, in: 'query', required: !hasDefault }
  if (isVariadic) {
    return {
      ...common,
      type: 'array',
      collectionFormat: 'multi',
      items: typeWords(type.replace(/\[\]$/, '')),
    }
  }
  const { type: word = 'string', format } = typeWords(type)
  return { ...common, format, type: word === 'array' ? 'string' : word }
}
