import type { Policies, Row, RowReader } from '@tidemark/testing/server'

const owns = (user: string, event: unknown, rows: RowReader): boolean =>
  rows.row('events', event as string)?.owner_id === user

const mayAnswer = (user: string, { user_id, event_id }: Row, rows: RowReader): boolean =>
  user_id === user || owns(user, event_id, rows)

/** What the calendar's migration says in SQL, for the simulated server. Left out: the owner column decides. */
export const policies: Readonly<Record<string, Policies>> = {
  events: {
    select: (user, { id, owner_id }, rows) =>
      owner_id === user || rows.row('event_user_roles', [id as string, user]) !== undefined,
    write: (user, { owner_id }) => owner_id === user,
  },
  event_user_roles: { select: mayAnswer, write: mayAnswer },
  user_profiles: { select: () => true, write: (user, { id }) => id === user },
}
