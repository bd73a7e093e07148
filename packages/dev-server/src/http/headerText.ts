/**
 * A header's text goes as the bytes of its UTF-8 (RFC 9110, 5.5 leaves them to both ends, and PostgREST does so). Node
 * reads and writes a character for each byte.
 */
export const toHeader = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** What was sent as `toHeader` would. */
export const fromHeader = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
