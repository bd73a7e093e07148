/** A query string that is not in the grammar. */
export class ParseError extends Error {
  override readonly name = 'ParseError'
  readonly details: string

  constructor(message: string, details: string) {
    super(message)
    this.details = details
  }
}
