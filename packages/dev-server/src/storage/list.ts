import type { Reply, Request } from '../context.js'
import { bodyOf, numberOf, sortOf, textOf } from './body.js'
import { asCaller } from './caller.js'
import { json } from './errors.js'
import type { StorageContext } from './storageOptions.js'

/** What a listing tells of a file, and a folder does not have: it has no row of its own. */
export const ofFilesAlone = ['id', 'updated_at', 'created_at', 'last_accessed_at', 'metadata']
  .map((column) => `case when is_file then ${column} end as ${column}`)
  .join(', ')

/** What lies directly in a folder: its files, and its folders without a row of their own. */
const entries = `
  select distinct on (part, is_file) part as name, is_file,
    ${ofFilesAlone}
  from (
    select o.*, split_part(substr(o.name, length($2) + 1), '/', 1) as part,
      position('/' in substr(o.name, length($2) + 1)) = 0 as is_file
    from storage.objects o where o.bucket_id = $1 and starts_with(o.name, $2)
  ) found`

/** Files and folders of a folder, as far as policies let see. */
export function listObjects(context: StorageContext, request: Request, bucket: string): Promise<Reply> {
  const body = bodyOf(request)
  const values = [bucket, folderOf(body.prefix), textOf(body.search), numberOf(body.limit, 100, 1_000)]
  const { column, order } = sortOf(body.sortBy, ['name', 'updated_at', 'created_at', 'last_accessed_at'])
  return asCaller(context, request, async (db) => {
    const { rows } = await db.query(
      `select name, id, updated_at, created_at, last_accessed_at, metadata from (${entries}) e
       where starts_with(lower(name), lower($3)) order by ${column} ${order}, name limit $4 offset $5`,
      [...values, numberOf(body.offset, 0)],
    )
    return json(200, rows)
  })
}

function folderOf(prefix: unknown): string {
  const text = textOf(prefix)
  return text === '' || text.endsWith('/') ? text : `${text}/`
}
