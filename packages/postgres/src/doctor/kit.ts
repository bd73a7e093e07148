import { kitVersion } from '../kit.js'
import { relation } from '../quote.js'
import type { Check, Finding } from './finding.js'
import { installedNames } from './names.js'

/** The kit itself: its version, and for each table its triggers and its index. */
export const kit: Check = async ({ client }) => {
  const names = await installedNames({ client })
  if (names.length === 0) return []
  const { rows } = await client.query<{ version: string | null }>(
    `select substring(obj_description(to_regnamespace('tidemark'), 'pg_namespace') from 'Tidemark kit (\\w+)') as version`,
  )
  return [...outdated(rows[0]?.version ?? null), ...(await broken({ client }))]
}

const outdated = (version: string | null): Finding[] =>
  version === kitVersion()
    ? []
    : [
        {
          code: 'kit-outdated',
          severity: 'warning',
          message: 'The kit in the database is of another version than this command.',
          fix: 'Apply what `tidemark sql` prints.',
        },
      ]

interface State {
  readonly name: string
  /** Triggers that are missing, and those that do not fire for every writer. */
  readonly missing: string[]
  readonly disabled: string[]
  readonly indexed: boolean
}

async function broken({ client }: Pick<Parameters<Check>[0], 'client'>): Promise<Finding[]> {
  const { rows } = await client.query<State>(`
    select t.name,
      array(select wanted from unnest('{zz_tidemark_stamp,tidemark_deleted,tidemark_truncated}'::text[]) as one (wanted)
        where not exists (select from pg_trigger g where g.tgrelid = t.relation and g.tgname = wanted)) as missing,
      array(select g.tgname::text from pg_trigger g join pg_proc p on p.oid = g.tgfoid
        where p.pronamespace = 'tidemark'::regnamespace and g.tgenabled <> 'A'
          and (g.tgrelid = t.relation or g.tgrelid in (
            select to_regclass(scope ->> 'table') from jsonb_array_elements(t.scopes) as one (scope)))
        order by 1) as disabled,
      exists (select from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
        where i.indrelid = t.relation and i.indisvalid and a.attname = 'sync_xid') as indexed
    from tidemark.tables t join pg_class c on c.oid = t.relation order by t.name`)
  return rows.flatMap(({ name, missing, disabled, indexed }) => [
    ...missing.map((trigger) =>
      again('trigger-missing', name, `The trigger ${trigger} is missing: writes are lost to clients.`),
    ),
    ...disabled.map((trigger) =>
      again(
        'trigger-disabled',
        name,
        `The trigger ${trigger} does not fire for every writer: writes are lost to clients.`,
      ),
    ),
    ...(indexed
      ? []
      : [again('index-missing', name, `The index for pulls is missing: every pull reads the whole table.`)]),
  ])
}

const again = (code: string, table: string, message: string): Finding => ({
  code,
  severity: 'error',
  table,
  message,
  fix: `select tidemark.install(relation, key, owner, scopes) from tidemark.tables where name = '${table.replaceAll("'", "''")}'; (${relation(table)})`,
})
