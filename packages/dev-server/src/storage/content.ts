import { createHash } from 'node:crypto'
import type { Request } from '../context.js'
import type { BucketRow } from './buckets.js'
import { invalid, StorageError } from './errors.js'

/** What a client uploads. */
export interface Content {
  readonly bytes: Buffer
  readonly type: string
  /** `max-age=3600`. */
  readonly cacheControl: string
  readonly userMetadata: Readonly<Record<string, unknown>> | null
}

/** Reads the bytes themselves, or a form with a file. @throws StorageError */
export async function contentOf(request: Request): Promise<Content> {
  const { headers, body } = request
  const type = headers['content-type'] ?? 'application/octet-stream'
  if (type.startsWith('multipart/form-data')) return contentOfForm(body, type)
  return {
    bytes: body,
    type,
    cacheControl: headers['cache-control'] ?? 'no-cache',
    userMetadata: metadataOf(Buffer.from(headers['x-metadata'] ?? '', 'base64').toString('utf8')),
  }
}

async function contentOfForm(body: Buffer, type: string): Promise<Content> {
  const parsed = new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }).formData()
  const form = await parsed.catch(() => {
    throw invalid('The form cannot be read')
  })
  const file = [...form.values()].find((value) => typeof value !== 'string')
  if (!file) throw invalid('The form has no file')
  const [cacheControl, metadata] = [form.get('cacheControl'), form.get('metadata')]
  return {
    bytes: Buffer.from(await file.arrayBuffer()),
    type: file.type === '' ? 'application/octet-stream' : file.type,
    cacheControl: typeof cacheControl === 'string' ? `max-age=${cacheControl}` : 'no-cache',
    userMetadata: metadataOf(typeof metadata === 'string' ? metadata : ''),
  }
}

function metadataOf(text: string): Content['userMetadata'] {
  if (text === '') return null
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    throw invalid('The metadata is not JSON')
  }
}

/** @throws StorageError for what the bucket does not take */
export function requireAllowed({ bytes, type }: Content, bucket: BucketRow, fileSizeLimit: number): void {
  if (bytes.length > Math.min(fileSizeLimit, bucket.file_size_limit ?? Infinity)) {
    const message = 'The object exceeded the maximum allowed size'
    throw new StorageError(413, 'EntityTooLarge', 'Payload too large', message)
  }
  const plain = (type.split(';')[0] ?? '').trim()
  const allowed = bucket.allowed_mime_types
  if (allowed === null || allowed.length === 0) return
  if (allowed.some((one) => one === plain || (one.endsWith('/*') && plain.startsWith(one.slice(0, -1)))))
    return
  throw new StorageError(415, 'InvalidMimeType', 'invalid_mime_type', `mime type ${plain} is not supported`)
}

/** What `storage.objects.metadata` says of it. */
export function systemMetadataOf({ bytes, type, cacheControl }: Content, now: number): object {
  return {
    eTag: `"${createHash('md5').update(bytes).digest('hex')}"`,
    size: bytes.length,
    mimetype: type,
    cacheControl,
    lastModified: new Date(now).toISOString(),
    contentLength: bytes.length,
    httpStatusCode: 200,
  }
}
