import type { Reply, Request } from '../context.js'
import { bodyOf, numberOf, sortOf, textOf } from './body.js'
import { asCaller } from './caller.js'
import { invalid, json } from './errors.js'
import { ofFilesAlone } from './list.js'
import type { StorageContext } from './storageOptions.js'

/** All objects whose names begin so. */
const flat = `
  select name, true as is_file, id, updated_at, created_at, last_accessed_at, metadata
  from storage.objects where bucket_id = $1 and starts_with(name, $2)`

/** The same, but what has a slash behind the prefix is one folder, which ends with it. */
const grouped = `
  select distinct on (name) name, is_file,
    ${ofFilesAlone}
  from (
    select f.id, f.updated_at, f.created_at, f.last_accessed_at, f.metadata, not has_slash as is_file,
      $2 || split_part(rest, '/', 1) || case when has_slash then '/' else '' end as name
    from (${flat}) f, substr(f.name, length($2) + 1) as rest, strpos(rest, '/') as slash,
      lateral (select slash > 0 as has_slash) as has
  ) found`

/** Where a page ended: what it is sorted by, and the name, which no two have. */
type Place = readonly [at: string, name: string]

/** Objects by pages, each with the cursor of the next; with a delimiter those in folders below the prefix as their folder. */
export function listPage(context: StorageContext, request: Request, bucket: string): Promise<Reply> {
  const body = bodyOf(request)
  const limit = numberOf(body.limit, 1_000, 1_000)
  const { column, order } = sortOf(body.sortBy, ['name', 'created_at', 'updated_at'])
  const [at, name] = placeOf(textOf(body.cursor)) ?? [null, null]
  // Folders have no time, and stand before all that have.
  const by = `coalesce(${column === 'name' ? 'null' : column}, '-infinity'::timestamptz)`
  return asCaller(context, request, async (db) => {
    const { rows } = await db.query<{ name: string; is_file: boolean; at: string }>(
      `select *, ${by}::text as at from (${body.with_delimiter === true ? grouped : flat}) e
       where $4::text is null or (${by}, name collate "C") ${order === 'asc' ? '>' : '<'} ($3::timestamptz, $4)
       order by ${by} ${order}, name collate "C" ${order} limit $5`,
      [bucket, textOf(body.prefix), at, name, limit + 1],
    )
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    const hasNext = rows.length > limit
    const files = page.filter(({ is_file }) => is_file)
    return json(200, {
      hasNext,
      folders: page
        .filter((row) => !row.is_file)
        .map((row) => ({ name: row.name, key: row.name.slice(0, -1) })),
      objects: files.map(({ is_file: _, at: __, ...row }) => ({ ...row, key: row.name })),
      ...(hasNext && last && { nextCursor: cursorOf([last.at, last.name]) }),
    })
  })
}

const cursorOf = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

/** @throws StorageError for what no page has given */
function placeOf(cursor: string): Place | undefined {
  if (cursor === '') return undefined
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(place) && place.length === 2 && place.every((part) => typeof part === 'string'))
      return place as unknown as Place
  } catch {
    // Not JSON: it is none of ours.
  }
  throw invalid('body/cursor is none that was given')
}
