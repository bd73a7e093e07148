import { envelope, type Statement } from '../compile/envelope.js'
import { param, sql } from '../sql/sql.js'

/** What the caller may use, by name. */
export interface Access {
  readonly tables: readonly string[]
  readonly functions: readonly string[]
}

/** Asks which tables and functions of a schema the role of the transaction has any right to. */
export function compileAccess(schema: string): Statement {
  const tables = sql`select coalesce(json_agg(c.relname), '[]') from pg_class c
    where c.relnamespace = (select oid from pg_namespace where nspname = ${param(schema)})
      and (has_table_privilege(c.oid, 'select, insert, update, delete, truncate, references, trigger')
        or has_any_column_privilege(c.oid, 'select, insert, update, references'))`
  const functions = sql`select coalesce(json_agg(distinct p.proname), '[]') from pg_proc p
    where p.pronamespace = (select oid from pg_namespace where nspname = ${param(schema)})
      and has_function_privilege(p.oid, 'execute')`
  return {
    isReadOnly: true,
    sql: envelope({
      rows: sql`select 1`,
      body: sql`json_build_object('tables', (${tables}), 'functions', (${functions}))::text`,
    }),
  }
}
