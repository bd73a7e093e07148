import type { BootstrapStep } from '../postgres/bootstrapSteps.js'

/**
 * The tables of sessions and refresh tokens in the schema `auth`, with GoTrue's names and columns. Tables that are there
 * already get the columns they lack, and keep their rows.
 */
export const authSchema: BootstrapStep = {
  makes: 'the tables of sessions in the schema auth',
  sql: `
create table if not exists auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz
);
alter table auth.sessions add column if not exists updated_at timestamptz;
create table if not exists auth.refresh_tokens (
  id bigserial primary key,
  token varchar(255) unique,
  session_id uuid references auth.sessions (id) on delete cascade,
  created_at timestamptz
);
alter table auth.refresh_tokens
  add column if not exists id bigserial,
  add column if not exists instance_id uuid,
  add column if not exists user_id varchar(255),
  add column if not exists revoked boolean,
  add column if not exists parent varchar(255),
  add column if not exists updated_at timestamptz;
create index if not exists sessions_user_id on auth.sessions (user_id);
create index if not exists refresh_tokens_session_id on auth.refresh_tokens (session_id);
`,
}
