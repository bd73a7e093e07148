import { relation } from '../quote.js'
import type { Check, Finding } from './finding.js'
import { namesOf } from './names.js'

/** Row level security, and policies that show one user what belongs to another. */
export const access: Check = async ({ client, declared }) => {
  const owners = new Map(Object.values(declared).map(({ name, owner }) => [name, owner]))
  const { rows } = await client.query<{ name: string; secured: boolean; policies: Policy[] }>(
    `select c.relname as name, c.relrowsecurity as secured, coalesce((
       select jsonb_agg(jsonb_build_object('name', p.polname, 'using', pg_get_expr(p.polqual, p.polrelid)))
       from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*') and p.polpermissive), '[]') as policies
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any ($1)`,
    [await namesOf({ client, declared })],
  )
  return rows.flatMap(({ name, secured, policies }): Finding[] => {
    if (!secured)
      return [
        {
          code: 'rls-off',
          severity: 'error',
          table: name,
          message: `Everybody with the public key reads and writes all rows of ${name}.`,
          fix: `alter table ${relation(name)} enable row level security; and add its policies.`,
        },
      ]
    return policies.filter((policy) => isOpen(policy, owners.get(name))).map((policy) => open(name, policy))
  })
}

interface Policy {
  readonly name: string
  readonly using: string | null
}

/** A policy of a table that has an owner should name the owner's column, or ask who is signed in. */
const isOpen = ({ using }: Policy, owner: string | undefined): boolean =>
  owner !== undefined && (using === 'true' || !(using ?? '').includes(owner))

const open = (table: string, { name, using }: Policy): Finding => ({
  code: 'policy-open',
  severity: 'warning',
  table,
  message: `The policy "${name}" lets a user read rows of others (${using ?? 'true'}), but ${table} is declared with an owner: they are never synced.`,
  fix: 'Narrow the policy to the owner, or leave `owner` out of the declaration.',
})
