import { randomUUID } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { Claims, Reply, Request } from '../context.js'
import { mustBucket } from './buckets.js'
import { asCaller, ownerOf } from './caller.js'
import { type Content, contentOf, requireAllowed, systemMetadataOf } from './content.js'
import { json, noObject } from './errors.js'
import type { ObjectName } from './names.js'
import { signUpload, verifyUpload } from './signing.js'
import type { StorageContext } from './storageOptions.js'

/** Stores a new object, or with `x-upsert` in the place of another one, where policies allow it. */
export async function upload(context: StorageContext, request: Request, object: ObjectName): Promise<Reply> {
  const upsert = request.headers['x-upsert'] === 'true'
  return store(context, request, object, (row) =>
    asCaller(context, request, (db, claims) =>
      insert(db, object, { ...row, owner: ownerOf(claims) }, upsert),
    ),
  )
}

/** Stores in the place of an object that is there. @throws StorageError when there is none */
export async function replace(context: StorageContext, request: Request, object: ObjectName): Promise<Reply> {
  return store(context, request, object, (row) =>
    asCaller(context, request, async (db) => {
      const { rows } = await db.query<{ id: string; old: string }>(
        `update storage.objects o set version = $3, metadata = $4, user_metadata = $5, updated_at = now()
         from storage.objects before
         where o.bucket_id = $1 and o.name = $2 and before.id = o.id returning o.id, before.version as old`,
        [object.bucket, object.name, row.version, JSON.stringify(row.metadata), row.userMetadata],
      )
      const [changed] = rows
      if (!changed) throw noObject()
      return changed
    }),
  )
}

/** Gives an address to which anybody may upload one object, if whoever asks may. */
export async function createUploadLink(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  const upsert = request.headers['x-upsert'] === 'true'
  const trial = { version: 'trial', metadata: {}, userMetadata: null }
  const claims = await asCaller(context, request, async (db, asking) => {
    await db.query('savepoint trial')
    await insert(db, object, { ...trial, owner: ownerOf(asking) }, upsert)
    await db.query('rollback to trial')
    return asking
  })
  const token = await signUpload(context, object, { owner: claims.sub, upsert })
  const path = [object.bucket, ...object.name.split('/')].map(encodeURIComponent).join('/')
  return json(200, { url: `/object/upload/sign/${path}?token=${token}`, token })
}

/** Stores what comes to such an address; who gave it has been asked for. */
export async function uploadByLink(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  const { owner, upsert } = await verifyUpload(context, object, request.url.searchParams.get('token') ?? '')
  const claims: Claims = { role: 'authenticated', ...(owner !== undefined && { sub: owner }) }
  return store(context, request, object, (row) =>
    insert(context.pool, object, { ...row, owner: ownerOf(claims) }, upsert),
  )
}

interface NewRow {
  readonly version: string
  readonly metadata: object
  readonly userMetadata: Content['userMetadata']
}

/** The id of the row, and the version that was in its place. */
interface Stored {
  readonly id: string
  readonly old: string | undefined
}

/** First the bytes, then the row: nobody finds an object that cannot be read. */
async function store(
  context: StorageContext,
  request: Request,
  { bucket, name }: ObjectName,
  write: (row: NewRow) => Promise<Stored>,
): Promise<Reply> {
  const { files, pool, fileSizeLimit, clock } = context
  const content = await contentOf(request)
  requireAllowed(content, await mustBucket(pool, bucket), fileSizeLimit)
  const version = await files.write(content.bytes)
  const row = { version, metadata: systemMetadataOf(content, clock()), userMetadata: content.userMetadata }
  try {
    const { id, old } = await write(row)
    await files.remove(old === undefined ? [] : [old])
    return json(200, { Id: id, Key: `${bucket}/${name}` })
  } catch (error) {
    await files.remove([version])
    throw error
  }
}

/** Without `returning`, so that whoever may upload need not be allowed to read. */
async function insert(
  db: Pool | PoolClient,
  { bucket, name }: ObjectName,
  row: NewRow & { readonly owner: ReturnType<typeof ownerOf> },
  upsert: boolean,
): Promise<Stored> {
  const id = randomUUID()
  const known = upsert ? await versionOf(db, { bucket, name }) : undefined
  const conflict = `on conflict (bucket_id, name) do update set version = excluded.version, metadata = excluded.metadata,
    user_metadata = excluded.user_metadata, updated_at = now()`
  await db.query(
    `insert into storage.objects (id, bucket_id, name, owner, owner_id, version, metadata, user_metadata)
     values ($1, $2, $3, $4, $5, $6, $7, $8) ${upsert ? conflict : ''}`,
    [
      ...[id, bucket, name, row.owner.uuid, row.owner.text],
      ...[row.version, JSON.stringify(row.metadata), row.userMetadata],
    ],
  )
  return { id: known?.id ?? id, old: known?.old }
}

async function versionOf(db: Pool | PoolClient, { bucket, name }: ObjectName): Promise<Stored | undefined> {
  const { rows } = await db.query<Stored>(
    'select id, version as old from storage.objects where bucket_id = $1 and name = $2',
    [bucket, name],
  )
  return rows[0]
}
