import type { ClientBase, Pool, PoolClient } from 'pg'
import type { Reply, Request } from '../context.js'
import { bodyOf, bytesOf, mustText } from './body.js'
import { asCaller, ownerOf } from './caller.js'
import { invalid, json, noBucket, StorageError } from './errors.js'
import { nameIsValid } from './names.js'
import type { BucketOptions, StorageContext } from './storageOptions.js'

export interface BucketRow {
  readonly id: string
  readonly name: string
  readonly public: boolean
  readonly file_size_limit: number | null
  readonly allowed_mime_types: string[] | null
}

const columns = `id, name, coalesce(owner_id, '') as owner, coalesce(public, false) as public,
  file_size_limit::float8 as file_size_limit, allowed_mime_types, created_at, updated_at, 'STANDARD' as type`

/** Makes the buckets that a project has from the start, and gives those that are there what it says. */
export async function keepBuckets(
  db: ClientBase,
  buckets: Readonly<Record<string, BucketOptions>>,
): Promise<void> {
  for (const [id, options] of Object.entries(buckets)) {
    await db.query(
      `insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types) values ($1, $1, $2, $3, $4)
       on conflict (id) do update set public = excluded.public, file_size_limit = excluded.file_size_limit,
         allowed_mime_types = excluded.allowed_mime_types`,
      [id, options.public ?? false, options.fileSizeLimit ?? null, options.allowedMimeTypes ?? null],
    )
  }
}

/** A bucket, whoever asks: what it allows is no secret of those who use it. @throws StorageError */
export async function mustBucket(db: PoolClient | Pool, id: string): Promise<BucketRow> {
  const { rows } = await db.query<BucketRow>(`select ${columns} from storage.buckets where id = $1`, [id])
  const [bucket] = rows
  if (!bucket) throw noBucket()
  return bucket
}

export function listBuckets(context: StorageContext, request: Request): Promise<Reply> {
  return asCaller(context, request, async (db) => {
    const { rows } = await db.query(`select ${columns} from storage.buckets order by name`)
    return json(200, rows)
  })
}

export function showBucket(context: StorageContext, request: Request, id: string): Promise<Reply> {
  return asCaller(context, request, async (db) => json(200, await mustBucket(db, id)))
}

/** @throws StorageError for a name that cannot be, or that is taken */
export function createBucket(context: StorageContext, request: Request): Promise<Reply> {
  const body = bodyOf(request)
  const name = mustText(body.name, 'name')
  const id = typeof body.id === 'string' ? body.id : name
  if (!nameIsValid(id) || id.includes('/')) throw invalid('Bucket name invalid')
  return asCaller(context, request, async (db, claims) => {
    const owner = ownerOf(claims)
    await db.query(
      `insert into storage.buckets (id, name, owner, owner_id, public, file_size_limit, allowed_mime_types)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [
        id,
        name,
        owner.uuid,
        owner.text,
        body.public === true,
        limitOf(body),
        body.allowed_mime_types ?? null,
      ],
    )
    return json(200, { name })
  })
}

export function changeBucket(context: StorageContext, request: Request, id: string): Promise<Reply> {
  const body = bodyOf(request)
  const has = (name: string) => body[name] !== undefined
  return asCaller(context, request, async (db) => {
    const { rowCount } = await db.query(
      `update storage.buckets set public = coalesce($2, public), updated_at = now(),
         file_size_limit = case when $3 then $4 else file_size_limit end,
         allowed_mime_types = case when $5 then $6 else allowed_mime_types end
       where id = $1`,
      [
        ...[id, typeof body.public === 'boolean' ? body.public : null],
        ...[
          has('file_size_limit'),
          limitOf(body),
          has('allowed_mime_types'),
          body.allowed_mime_types ?? null,
        ],
      ],
    )
    if (rowCount === 0) throw noBucket()
    return json(200, { message: 'Successfully updated' })
  })
}

/** @throws StorageError for one that is not empty */
export function deleteBucket(context: StorageContext, request: Request, id: string): Promise<Reply> {
  return asCaller(context, request, async (db) => {
    await mustBucket(db, id)
    const { rowCount } = await db.query('select from storage.objects where bucket_id = $1 limit 1', [id])
    if (rowCount !== 0) {
      const message = 'The bucket you tried to delete is not empty'
      throw new StorageError(409, 'InvalidRequest', 'InvalidRequest', message)
    }
    const deleted = await db.query('delete from storage.buckets where id = $1', [id])
    if (deleted.rowCount === 0) throw noBucket()
    return json(200, { message: 'Successfully deleted' })
  })
}

export async function emptyBucket(context: StorageContext, request: Request, id: string): Promise<Reply> {
  const versions = await asCaller(context, request, async (db) => {
    await mustBucket(db, id)
    const { rows } = await db.query<{ version: string }>(
      'delete from storage.objects where bucket_id = $1 returning version',
      [id],
    )
    return rows.map(({ version }) => version)
  })
  await context.files.remove(versions)
  return json(200, { message: 'Empty bucket has been queued. Completion may take up to an hour.' })
}

function limitOf({ file_size_limit: limit }: Readonly<Record<string, unknown>>): number | null {
  if (limit === undefined || limit === null) return null
  const bytes = bytesOf(limit)
  if (bytes === undefined) throw invalid('file_size_limit is no size')
  return bytes
}
