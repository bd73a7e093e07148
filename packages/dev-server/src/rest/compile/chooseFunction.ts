import type { Argument, Catalog, DatabaseFunction } from '../catalog/catalog.js'
import { nearest } from '../catalog/nearest.js'
import { RestError } from '../errors.js'

/** The call that was asked for: the names of its arguments, and whether its body could be one itself. */
export interface Wanted {
  readonly name: string
  readonly keys: readonly string[]
  readonly hasBody: boolean
}

/**
 * Finds the function whose arguments are those given; the one with a single unnamed JSON argument takes the rest.
 * @throws RestError PGRST202, PGRST203
 */
export function chooseFunction({ functions }: Catalog, wanted: Wanted): DatabaseFunction {
  const overloads = functions.get(wanted.name) ?? []
  const fitting = overloads.filter((candidate) => fits(candidate.args, wanted.keys))
  const [only, another] = fitting
  if (another) throw ambiguous(fitting)
  const unnamed = wanted.hasBody ? overloads.find(takesBody) : undefined
  const chosen = only ?? unnamed
  if (chosen) return chosen
  throw notFound(wanted, functions.keys())
}

/** True for a function whose one unnamed argument is the body of the request. */
export const takesBody = ({ args }: DatabaseFunction): boolean =>
  args.length === 1 && args[0]?.name === '' && ['json', 'jsonb', 'text'].includes(args[0].type)

function fits(args: readonly Argument[], keys: readonly string[]): boolean {
  const hasAll = keys.every((key) => args.some(({ name }) => name === key))
  return (
    hasAll &&
    args.every(({ name, hasDefault, isVariadic }) => hasDefault || isVariadic || keys.includes(name))
  )
}

const signature = ({ schema, name, args }: DatabaseFunction) =>
  `${schema}.${name}(${args.map((arg) => `${arg.name} => ${arg.type}`).join(', ')})`

function ambiguous(fitting: readonly DatabaseFunction[]): RestError {
  return new RestError(300, {
    code: 'PGRST203',
    message: `Could not choose the best candidate function between: ${fitting.map(signature).join(', ')}`,
    hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
  })
}

function notFound({ name, keys }: Wanted, known: Iterable<string>): RestError {
  const like = nearest(name, known)
  const parameters = keys.join(', ')
  const asked = keys.length === 0 ? `public.${name} without parameters` : `public.${name}(${parameters})`
  const searched =
    keys.length === 0 ? 'without parameters' : `with parameter${keys.length > 1 ? 's' : ''} ${parameters}`
  return new RestError(404, {
    code: 'PGRST202',
    message: `Could not find the function ${asked} in the schema cache`,
    details: `Searched for the function public.${name} ${searched} or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.`,
    hint: like === undefined ? null : `Perhaps you meant to call the function public.${like}`,
  })
}
