import type { IncomingMessage } from 'node:http'
import type { Request } from '../context.js'
import { fromHeader } from './headerText.js'

/** No request of an app is larger; Supabase's gateway has limits of the same size. */
export const bodyLimit = 50 * 1024 * 1024

/** A body that is larger than the server takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * Reads a request whole.
 * @throws BodyTooLarge
 */
export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  return {
    method: incoming.method ?? 'GET',
    url: urlOf(incoming),
    headers: headersOf(incoming),
    body: hasBody(incoming) ? await readBody(incoming) : Buffer.alloc(0),
  }
}

/** The address that was asked for; what the Host header says does not matter here. */
export function urlOf(incoming: IncomingMessage): URL {
  const path = incoming.url ?? '/'
  return new URL(`http://127.0.0.1${path.startsWith('/') ? path : '/'}`)
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries.map(([name, value]) => [name, fromHeader(String(value))]))
}

/** Whoever sends one says so (RFC 9112, 6.3). */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyLimit) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
