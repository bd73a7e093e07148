import type { ClientBase } from 'pg'

/** A parameter of PostgreSQL and its value. */
export type Setting = readonly [name: string, value: string]

/** What a project can set about its REST interface. */
export interface RestSettings {
  /** Exposed schemas; the first is the one for requests that name none. */
  readonly schemas: readonly string[]
  /** Schemas that are searched after the exposed one. */
  readonly extraSearchPath: readonly string[]
  /** Rows of one answer at most. */
  readonly maxRows: number
  readonly allowsAggregates: boolean
  /** Whether plans may be asked for. */
  readonly allowsPlans: boolean
  /** Whether a caller may have the transaction taken back, or kept. */
  readonly allowsTxPreference: boolean
  /** Without a word of the caller nothing is kept. */
  readonly rollsBack: boolean
  /** Whether the root describes what there is. */
  readonly describesItself: boolean
  /** A function that is called before each statement: `schema.name`. */
  readonly preRequest: string | undefined
  /** What `alter role … set` says of the role a request runs with. */
  readonly ofRole: ReadonlyMap<string, readonly Setting[]>
}

/** Those of a Supabase project that changed nothing, but for `tx`, which tests want. */
export const defaultSettings: RestSettings = {
  schemas: ['public'],
  extraSearchPath: ['public', 'extensions'],
  maxRows: 1000,
  allowsAggregates: false,
  allowsPlans: false,
  allowsTxPreference: true,
  rollsBack: false,
  describesItself: true,
  preRequest: undefined,
  ofRole: new Map(),
}

/** Reads what was set in the database: `alter role authenticator set pgrst.db_aggregates_enabled = 'true'`. */
export async function loadSettings(client: ClientBase, base: RestSettings): Promise<RestSettings> {
  const { rows } = await client.query<{ role: string; settings: Setting[] }>(settingsQuery)
  const own = new Map(rows.find(({ role }) => role === 'authenticator')?.settings)
  return {
    ...base,
    ...mapped(own, 'db_schemas', (schemas) => ({ schemas: names(schemas) })),
    ...mapped(own, 'db_extra_search_path', (path) => ({ extraSearchPath: names(path) })),
    ...mapped(own, 'db_max_rows', (count) => ({ maxRows: Number(count) })),
    ...mapped(own, 'db_aggregates_enabled', (value) => ({ allowsAggregates: isOn(value) })),
    ...mapped(own, 'db_plan_enabled', (value) => ({ allowsPlans: isOn(value) })),
    ...mapped(own, 'db_pre_request', (name) => ({ preRequest: name === '' ? undefined : name })),
    ...mapped(own, 'db_tx_end', endOfTransaction),
    ...mapped(own, 'openapi_mode', (mode) => ({ describesItself: mode !== 'disabled' })),
    ofRole: new Map(rows.map(({ role, settings }) => [role, settings.filter(isApplied)])),
  }
}

function mapped<Part>(own: ReadonlyMap<string, string>, name: string, toPart: (value: string) => Part) {
  const value = own.get(`pgrst.${name}`)
  return value === undefined ? {} : toPart(value)
}

const names = (list: string) => list.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'))

const isOn = (value: string) => ['true', 'on', 'yes', '1'].includes(value.toLowerCase())

const endOfTransaction = (value: string) => ({
  allowsTxPreference: value.endsWith('-allow-override'),
  rollsBack: value.startsWith('rollback'),
})

/** The isolation is chosen by `begin`, and a role cannot be left from inside. */
const isApplied = ([name]: Setting) =>
  !name.startsWith('pgrst.') && !['default_transaction_isolation', 'role', 'search_path'].includes(name)

/** Of two the later wins: a setting of the role in this database over one in all databases. */
const settingsQuery = `
select role, json_agg(json_build_array(name, value) order by is_here) as settings
from (
  select r.rolname as role, s.setdatabase <> 0 as is_here, split_part(setting, '=', 1) as name,
    substr(setting, strpos(setting, '=') + 1) as value
  from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) as setting
  where s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
) as one
left join pg_settings known using (name)
where known.name is null or known.context = 'user'
group by role`
