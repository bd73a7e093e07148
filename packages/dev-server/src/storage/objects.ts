import type { PoolClient } from 'pg'
import type { Reply, Request } from '../context.js'
import { bodyOf, mustText, mustTexts } from './body.js'
import { asCaller, ownerOf } from './caller.js'
import { invalid, json, noObject } from './errors.js'
import { nameIsValid, type ObjectName } from './names.js'
import type { StorageContext } from './storageOptions.js'

/** Deletes the objects of these names that policies let go, and answers with their rows. */
export async function removeObjects(
  context: StorageContext,
  request: Request,
  bucket: string,
): Promise<Reply> {
  const names = mustTexts(bodyOf(request).prefixes, 'prefixes')
  return json(200, await remove(context, request, bucket, names))
}

/** @throws StorageError when there is none that may go */
export async function removeObject(
  context: StorageContext,
  request: Request,
  object: ObjectName,
): Promise<Reply> {
  const removed = await remove(context, request, object.bucket, [object.name])
  if (removed.length === 0) throw noObject()
  return json(200, { message: 'Successfully deleted' })
}

async function remove(
  context: StorageContext,
  request: Request,
  bucket: string,
  names: readonly string[],
): Promise<object[]> {
  const rows = await asCaller(context, request, async (db) => {
    const deleted = await db.query<{ version: string }>(
      'delete from storage.objects where bucket_id = $1 and name = any ($2) returning *',
      [bucket, names],
    )
    return deleted.rows
  })
  await context.files.remove(rows.map(({ version }) => version))
  return rows
}

interface Route {
  readonly from: ObjectName
  readonly to: ObjectName
}

/** Gives an object another name, or another bucket. */
export function moveObject(context: StorageContext, request: Request): Promise<Reply> {
  const { from, to } = routeOf(request)
  return asCaller(context, request, async (db) => {
    const { rowCount } = await db.query(
      `update storage.objects set bucket_id = $3, name = $4, updated_at = now() where bucket_id = $1 and name = $2`,
      [from.bucket, from.name, to.bucket, to.name],
    )
    if (rowCount === 0) throw noObject()
    return json(200, { message: 'Successfully moved' })
  })
}

/** Makes an object like another one, which belongs to whoever asks. */
export function copyObject(context: StorageContext, request: Request): Promise<Reply> {
  const { from, to } = routeOf(request)
  return asCaller(context, request, async (db, claims) => {
    const version = await context.files.copy(await versionOf(db, from))
    const owner = ownerOf(claims)
    await db
      .query(
        `insert into storage.objects (bucket_id, name, owner, owner_id, version, metadata, user_metadata)
         select $3, $4, $5, $6, $7, metadata, user_metadata from storage.objects where bucket_id = $1 and name = $2`,
        [from.bucket, from.name, to.bucket, to.name, owner.uuid, owner.text, version],
      )
      .catch(async (error: unknown) => {
        await context.files.remove([version])
        throw error
      })
    return json(200, { Key: `${to.bucket}/${to.name}` })
  })
}

async function versionOf(db: PoolClient, { bucket, name }: ObjectName): Promise<string> {
  const { rows } = await db.query<{ version: string }>(
    'select version from storage.objects where bucket_id = $1 and name = $2',
    [bucket, name],
  )
  const [row] = rows
  if (!row) throw noObject()
  return row.version
}

function routeOf(request: Request): Route {
  const body = bodyOf(request)
  const bucket = mustText(body.bucketId, 'bucketId')
  const [from, to] = [mustText(body.sourceKey, 'sourceKey'), mustText(body.destinationKey, 'destinationKey')]
  if (!nameIsValid(to)) throw invalid(`Invalid key: ${to}`)
  const destination = typeof body.destinationBucket === 'string' ? body.destinationBucket : bucket
  return { from: { bucket, name: from }, to: { bucket: destination, name: to } }
}
