import { relation } from '../quote.js'
import type { Check } from './finding.js'
import { namesOf } from './names.js'

/** Tables of which Realtime tells nothing. They are synced all the same, but only when the client asks. */
export const publication: Check = async (patient) => {
  const { rows } = await patient.client.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relname = any ($1) and not exists (
       select from pg_publication_tables p where p.pubname = 'supabase_realtime' and p.schemaname = 'public' and p.tablename = c.relname
     ) order by 1`,
    [await namesOf(patient)],
  )
  return rows.map(({ name }) => ({
    code: 'not-published',
    severity: 'warning',
    table: name,
    message: `Realtime does not tell of changes of ${name}: other devices see them only at their next pull.`,
    fix: `alter publication supabase_realtime add table ${relation(name)};`,
  }))
}
