import type { Argument, DatabaseFunction, SchemaCatalog } from '../catalog/catalog.js'
import { RestError } from '../errors.js'
import { type CallInput, keysOf } from '../request/callInput.js'
import { functionNotFound } from './functionNotFound.js'

/**
 * Finds the function whose arguments are those given; one with a single unnamed argument takes the body itself.
 * @param isPost only then there is a body
 * @throws RestError PGRST202, PGRST203
 */
export function chooseFunction(
  schema: SchemaCatalog,
  name: string,
  input: CallInput,
  isPost: boolean,
): DatabaseFunction {
  const overloads = schema.functions.get(name) ?? []
  const named = overloads.filter(({ args }) => fits(args, input))
  const fitting = named.length > 0 ? named : overloads.filter((one) => isPost && takesBody(one, input))
  const [only, another] = fitting
  if (!only) throw functionNotFound(schema, name, input, isPost)
  if (another) throw ambiguous(fitting)
  return only
}

/** True for a function whose one unnamed argument is the body of the request. */
function takesBody(one: DatabaseFunction, input: CallInput): boolean {
  const type = one.args[0]?.type ?? ''
  if (!isUnnamed(one)) return false
  if (input.kind === 'body') return type === input.type
  return input.kind === 'object' && input.text !== undefined && ['json', 'jsonb'].includes(type)
}

/** True for a function with one argument that has no name. */
export const isUnnamed = ({ args }: DatabaseFunction): boolean => args.length === 1 && args[0]?.name === ''

/** All that must be given are there, and nothing else but what may be given. */
function fits(args: readonly Argument[], input: CallInput): boolean {
  if (input.kind === 'body') return false
  const keys = keysOf(input)
  return (
    keys.every((key) => args.some(({ name }) => name === key)) &&
    args.every(({ name, hasDefault }) => hasDefault || keys.includes(name))
  )
}

const signature = ({ schema, name, args }: DatabaseFunction) =>
  `${schema}.${name}(${args.map((arg) => `${arg.name} => ${arg.type}`).join(', ')})`

const ambiguous = (fitting: readonly DatabaseFunction[]) =>
  new RestError(300, {
    code: 'PGRST203',
    message: `Could not choose the best candidate function between: ${fitting.map(signature).join(', ')}`,
    hint: 'Try renaming the parameters or the function itself in the database so function overloading can be resolved',
  })
