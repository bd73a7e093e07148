import type { Reply, Request } from '../context.js'
import { bodyOf, numberOf } from './body.js'
import { asCaller } from './caller.js'
import { invalid, json } from './errors.js'
import type { StorageContext } from './storageOptions.js'

const sortable = ['name', 'updated_at', 'created_at', 'last_accessed_at']

/** What lies directly in a folder: its files, and its folders without a row of their own. */
const entries = `
  select distinct on (part, is_file) part as name, is_file,
    case when is_file then id end as id,
    case when is_file then updated_at end as updated_at,
    case when is_file then created_at end as created_at,
    case when is_file then last_accessed_at end as last_accessed_at,
    case when is_file then metadata end as metadata
  from (
    select o.*, split_part(substr(o.name, length($2) + 1), '/', 1) as part,
      position('/' in substr(o.name, length($2) + 1)) = 0 as is_file
    from storage.objects o where o.bucket_id = $1 and starts_with(o.name, $2)
  ) found`

/** Files and folders of a folder, as far as policies let see. */
export function listObjects(context: StorageContext, request: Request, bucket: string): Promise<Reply> {
  const body = bodyOf(request)
  const values = [bucket, folderOf(body.prefix), textOf(body.search), numberOf(body.limit, 100, 1_000)]
  return asCaller(context, request, async (db) => {
    const { rows } = await db.query(
      `select name, id, updated_at, created_at, last_accessed_at, metadata from (${entries}) e
       where starts_with(lower(name), lower($3)) order by ${orderOf(body.sortBy)} limit $4 offset $5`,
      [...values, numberOf(body.offset, 0)],
    )
    return json(200, rows)
  })
}

/** The same in pages, each with the cursor of the next; without a delimiter all objects below the prefix. */
export function listPage(context: StorageContext, request: Request, bucket: string): Promise<Reply> {
  const body = bodyOf(request)
  const limit = numberOf(body.limit, 1_000, 1_000)
  const prefix = textOf(body.prefix)
  const after = Buffer.from(textOf(body.cursor), 'base64url').toString('utf8')
  const flat = `select name, true as is_file, id, updated_at, created_at, last_accessed_at, metadata
    from storage.objects where bucket_id = $1 and starts_with(name, $2)`
  const [source, base] = body.with_delimiter === true ? [entries, folderOf(prefix)] : [flat, prefix]
  return asCaller(context, request, async (db) => {
    const { rows } = await db.query<{ name: string; is_file: boolean }>(
      `select * from (${source}) e where name > $3 order by name limit $4`,
      [bucket, base, after, limit + 1],
    )
    const page = rows.slice(0, limit)
    const hasNext = rows.length > limit
    const cursor = Buffer.from(page.at(-1)?.name ?? '').toString('base64url')
    const keyOf = (name: string) => (source === flat ? name : base + name)
    return json(200, {
      hasNext,
      folders: page.filter((row) => !row.is_file).map(({ name }) => ({ name, key: `${keyOf(name)}/` })),
      objects: page
        .filter((row) => row.is_file)
        .map(({ is_file: _, ...row }) => ({ ...row, key: keyOf(row.name) })),
      ...(hasNext && { nextCursor: cursor }),
    })
  })
}

function folderOf(prefix: unknown): string {
  const text = textOf(prefix)
  return text === '' || text.endsWith('/') ? text : `${text}/`
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  throw invalid('body has a text that is none')
}

function orderOf(sortBy: unknown): string {
  const { column = 'name', order = 'asc' } = (sortBy ?? {}) as { column?: unknown; order?: unknown }
  if (typeof column !== 'string' || !sortable.includes(column))
    throw invalid('body/sortBy/column cannot be sorted by')
  return `${column} ${order === 'desc' ? 'desc' : 'asc'}, name`
}
