import type { SchemaCatalog } from '../catalog/catalog.js'
import { alike, nearest } from '../catalog/nearest.js'
import { RestError } from '../errors.js'
import { type CallInput, keysOf } from '../request/callInput.js'

/** No function has this name and these arguments: PGRST202, with what was looked for and what is like it. */
export function functionNotFound(
  schema: SchemaCatalog,
  name: string,
  input: CallInput,
  isPost: boolean,
): RestError {
  const keys = [...keysOf(input)].sort()
  const asked = `${schema.name}.${name}`
  const given = keys.length === 0 ? ' without parameters' : `(${keys.join(', ')})`
  return new RestError(404, {
    code: 'PGRST202',
    message: `Could not find the function ${asked}${input.kind === 'body' ? '' : given} in the schema cache`,
    details: `Searched for the function ${asked}${searched(keys, input, isPost)}, but no matches were found in the schema cache.`,
    hint: input.kind === 'body' ? null : hintFor(schema, name, keys),
  })
}

function searched(keys: readonly string[], input: CallInput, isPost: boolean): string {
  if (input.kind === 'body') return ` with a single unnamed ${input.type} parameter`
  const named =
    keys.length === 0
      ? ' without parameters'
      : ` with parameter${keys.length > 1 ? 's' : ''} ${keys.join(', ')}`
  return isPost && input.kind === 'object' && input.text !== undefined
    ? `${named} or with a single unnamed json/jsonb parameter`
    : named
}

/** Of a function that is there, the arguments that are most like those given; else the name that is. */
function hintFor(
  { name: schema, functions }: SchemaCatalog,
  name: string,
  keys: readonly string[],
): string | null {
  const meant = `Perhaps you meant to call the function ${schema}.`
  const overloads = functions.get(name)
  if (!overloads) {
    const like = nearest(name, functions.keys(), alike)
    return like === undefined ? null : `${meant}${like}`
  }
  const lists = overloads.map(
    ({ args }) =>
      `(${args
        .map((arg) => arg.name)
        .sort()
        .join(', ')})`,
  )
  const like = nearest(`(${keys.join(', ')})`, lists)
  return like === undefined ? null : `${meant}${name}${like}`
}
