import type { FastifySchema, FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { HttpError } from './httpError.ts'

/** Requests are checked by the same kind of schema that the page declares its rows with. */
export const validatorOf: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const { success, data: value, error } = schema.safeParse(data)
    if (success) return { value }
    const issues = error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`)
    return { error: new HttpError(400, 'invalid', issues.join('; ')) }
  }

const parts = ['body', 'querystring', 'params'] as const

/** The schemas of a route as JSON Schema, for its description. */
export function toOpenApi({ schema, url }: { schema?: FastifySchema; url: string }): {
  schema: FastifySchema
  url: string
} {
  const described: Record<string, unknown> = { ...schema }
  for (const part of parts) if (schema?.[part]) described[part] = jsonOf(schema[part], 'input')
  if (schema?.response)
    described.response = Object.fromEntries(
      Object.entries(schema.response).map(([status, answer]) => [status, jsonOf(answer, 'output')]),
    )
  return { schema: described, url }
}

function jsonOf(schema: unknown, io: 'input' | 'output'): object {
  if (!(schema instanceof z.ZodType)) return schema as object
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'openapi-3.0',
    unrepresentable: 'any',
  })
  return json
}
