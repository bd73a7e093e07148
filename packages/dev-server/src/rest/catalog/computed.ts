import type { ClientBase } from 'pg'
import type { ComputedRelationship } from './relationship.js'

/** Reads the functions from a row of one table to rows of another. */
export async function loadComputed(client: ClientBase): Promise<ComputedRelationship[]> {
  const { rows } = await client.query<ComputedRelationship>(computedQuery)
  return rows
}

const ofType = (type: string, name: string) => `
  join pg_class ${name} on ${name}.reltype = ${type} and ${name}.relkind in ('v', 'r', 'm', 'f', 'p')
  join pg_namespace ${name}_in on ${name}_in.oid = ${name}.relnamespace`

const named = (schema: string, name: string) => `json_build_object('schema', ${schema}, 'name', ${name})`

const computedQuery = `
select 'computed' as kind, ${named('n.nspname', 'p.proname')} as function,
  ${named('own_in.nspname', 'own.relname')} as table, ${named('other_in.nspname', 'other.relname')} as foreign,
  own.oid = other.oid as "isSelf", other.relkind in ('v', 'm') as "foreignIsView",
  not p.proretset or p.prorows = 1 as "givesOne"
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace ${ofType('p.proargtypes[0]', 'own')} ${ofType('p.prorettype', 'other')}
where p.pronargs = 1
order by p.proname`
