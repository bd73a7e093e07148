import type { ClientBase } from 'pg'
import type { DatabaseFunction } from './catalog.js'

/** Reads the functions of some schemas that can be called: all arguments have names, or the only one takes the body. */
export async function loadFunctions(
  client: ClientBase,
  schemas: readonly string[],
): Promise<DatabaseFunction[]> {
  const { rows } = await client.query<DatabaseFunction>(functionsQuery, [schemas])
  return rows.filter(isCallable)
}

const isCallable = ({ args }: DatabaseFunction) =>
  args.every(({ name }) => name !== '') ||
  (args.length === 1 && ['bytea', 'json', 'jsonb', 'text', 'xml'].includes(args[0]?.type ?? ''))

/** Types that cut a value to the length they were declared with lose the length as arguments: any length is taken. */
const typeOfArgument = `case format_type(input.type, null)
  when 'bit' then 'bit varying' when 'bit[]' then 'bit varying[]'
  when 'character' then 'character varying' when 'character[]' then 'character varying[]'
  else format_type(input.type, null)
end`

const argsOf = `select coalesce(json_agg(json_build_object(
    'name', coalesce(input.name, ''),
    'type', ${typeOfArgument},
    'hasDefault', input.place > p.pronargs - p.pronargdefaults,
    'isVariadic', coalesce(input.mode = 'v', false)
  ) order by input.place), '[]')
  from unnest(p.proargnames, p.proargtypes::oid[], p.proargmodes) with ordinality as input (name, type, mode, place)
  where input.type is not null`

/** Arguments that only go out have no type in `proargtypes`, so only names and modes of those that go in are taken. */
const inputNames = `coalesce(array(
    select n.name from unnest(q.proargnames, q.proargmodes) with ordinality as n (name, mode, place)
    where coalesce(n.mode, 'i') in ('i', 'b', 'v') order by n.place
  ), '{}')`

const inputModes = `array(
    select m.mode from unnest(q.proargmodes) with ordinality as m (mode, place)
    where m.mode in ('i', 'b', 'v') order by m.place
  )`

const functionsQuery = `
with p as (
  select q.oid, q.proname, q.pronamespace, q.pronargs, q.pronargdefaults, q.proretset, q.prorettype, q.provolatile,
    q.proconfig, q.proargtypes, ${inputNames} as proargnames, ${inputModes} as proargmodes,
    coalesce(q.proargmodes && '{t,b,o}', false) as has_outputs
  from pg_proc q join pg_namespace n on n.oid = q.pronamespace
  where q.prokind = 'f' and n.nspname = any($1)
    and q.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
)
select n.nspname as schema, p.proname as name, obj_description(p.oid, 'pg_proc') as description,
  (${argsOf}) as args,
  p.proretset as "returnsSet",
  case
    when p.prorettype = 'void'::regtype then 'void'
    when b.typtype = 'c' or p.has_outputs then 'composite'
    else 'scalar'
  end as returns,
  (
    select json_build_object('schema', tn.nspname, 'name', tc.relname)
    from pg_class tc join pg_namespace tn on tn.oid = tc.relnamespace
    where tc.oid = b.typrelid and tc.relkind <> 'c'
  ) as table,
  p.provolatile = 'v' as "isVolatile",
  coalesce((
    select json_agg(json_build_array(split_part(s, '=', 1), substr(s, strpos(s, '=') + 1)))
    from unnest(p.proconfig) s where s like 'statement_timeout=%'
  ), '[]') as settings
from p
join pg_namespace n on n.oid = p.pronamespace
join pg_type t on t.oid = p.prorettype
join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
order by n.nspname, p.proname, p.pronargs, description nulls first,
  pg_get_function_identity_arguments(p.oid) collate "C"`
