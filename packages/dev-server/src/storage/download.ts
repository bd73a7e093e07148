import type { Pool, PoolClient } from 'pg'
import type { Reply, Request } from '../context.js'
import { mustBucket } from './buckets.js'
import { bodyOf, mustTexts, numberOf } from './body.js'
import { asCaller } from './caller.js'
import { json, noBucket, noObject } from './errors.js'
import type { ObjectName } from './names.js'
import { signObject, verifyObject } from './signing.js'
import type { StorageContext } from './storageOptions.js'

interface ObjectRow {
  readonly id: string
  readonly name: string
  readonly bucket_id: string
  readonly version: string
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly user_metadata: object | null
  readonly created_at: Date
  readonly updated_at: Date
}

/** The bytes, for those whom policies let read. */
export async function download(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  return send(context, request, await readable(context, request, object))
}

/** The bytes of an object in a public bucket, for everybody. */
export async function downloadPublic(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  const bucket = await mustBucket(context.pool, object.bucket)
  if (!bucket.public) throw noBucket()
  return send(context, request, await mustFind(context.pool, object))
}

/** The bytes, for whoever has the token. */
export async function downloadSigned(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  await verifyObject(context, object, request.url.searchParams.get('token') ?? '')
  return send(context, request, await mustFind(context.pool, object))
}

/** What is known of an object. */
export async function info(context: StorageContext, request: Request, object: ObjectName): Promise<Reply> {
  const { id, name, bucket_id, version, metadata, user_metadata, created_at, updated_at } = await readable(
    context,
    request,
    object,
  )
  return json(200, {
    ...{ id, name, version, bucket_id, created_at, metadata: user_metadata ?? {} },
    size: metadata?.size,
    content_type: metadata?.mimetype,
    cache_control: metadata?.cacheControl,
    etag: metadata?.eTag,
    last_modified: updated_at,
  })
}

/** An address with which anybody may read, if whoever asks may. */
export async function createLink(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  await readable(context, request, object)
  return json(200, { signedURL: await linkOf(context, object, lifetimeOf(request)) })
}

/** The same for many objects; what cannot be read has an error of its own. */
export async function createLinks(context: StorageContext, request: Request, bucket: string): Promise<Reply> {
  const paths = mustTexts(bodyOf(request).paths, 'paths')
  const seen = await asCaller(context, request, async (db) => {
    const { rows } = await db.query<{ name: string }>(
      'select name from storage.objects where bucket_id = $1 and name = any ($2)',
      [bucket, paths],
    )
    return new Set(rows.map(({ name }) => name))
  })
  const links = paths.map(async (path) =>
    seen.has(path)
      ? { error: null, path, signedURL: await linkOf(context, { bucket, name: path }, lifetimeOf(request)) }
      : { error: 'Either the object does not exist or you do not have access to it', path, signedURL: null },
  )
  return json(200, await Promise.all(links))
}

const lifetimeOf = (request: Request) => numberOf(bodyOf(request).expiresIn, 60)

/** The client escapes it. */
const linkOf = async (context: StorageContext, object: ObjectName, lifetime: number) =>
  `/object/sign/${object.bucket}/${object.name}?token=${await signObject(context, object, lifetime)}`

const readable = (context: StorageContext, request: Request, object: ObjectName): Promise<ObjectRow> =>
  asCaller(context, request, (db) => mustFind(db, object))

async function mustFind(db: Pool | PoolClient, { bucket, name }: ObjectName): Promise<ObjectRow> {
  const { rows } = await db.query<ObjectRow>(
    'select * from storage.objects where bucket_id = $1 and name = $2',
    [bucket, name],
  )
  const [row] = rows
  if (!row) throw noObject()
  return row
}

async function send({ files }: StorageContext, request: Request, row: ObjectRow): Promise<Reply> {
  const bytes = await files.read(row.version)
  if (!bytes) throw noObject()
  const text = (name: string, fallback: string) => {
    const value = row.metadata?.[name]
    return typeof value === 'string' ? value : fallback
  }
  const headers = {
    'Content-Type': text('mimetype', 'application/octet-stream'),
    'Cache-Control': text('cacheControl', 'no-cache'),
    ETag: text('eTag', ''),
    'Last-Modified': row.updated_at.toUTCString(),
    ...dispositionOf(request.url, row.name),
  }
  const isKnown = request.headers['if-none-match'] === headers.ETag && headers.ETag !== ''
  return isKnown ? { status: 304, headers } : { status: 200, headers, body: bytes }
}

/** `?download` saves it under its own name, `?download=x` under another. */
function dispositionOf({ searchParams }: URL, name: string): Record<string, string> {
  const wanted = searchParams.get('download')
  if (wanted === null) return {}
  const file = encodeURIComponent(wanted === '' ? (name.split('/').at(-1) ?? '') : wanted)
  return { 'Content-Disposition': `attachment; filename=${file}; filename*=UTF-8''${file}` }
}
