/** What newer engines know of JSON, and TypeScript's libraries do not yet. */
interface ExactJson {
  rawJSON(text: string): unknown
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown
}

const exactJson = JSON as unknown as ExactJson

/** Shorter numbers survive as they are. */
const longNumber = /[\d.]{16}/

/**
 * Parses JSON so that `JSON.stringify` writes every number with the digits it came with: an int8 or a numeric of Postgres
 * may have more than a number of JavaScript holds.
 */
export function parseExact(text: string): unknown {
  if (!longNumber.test(text)) return JSON.parse(text)
  return exactJson.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? exactJson.rawJSON(source)
      : value,
  )
}
