import type { BootstrapStep } from '../postgres/bootstrapSteps.js'

/**
 * The tables of the schema `auth` besides users, with GoTrue's names and columns, so that migrations and seeds that refer to
 * them run. Tables that are there already get the columns they lack, and keep their rows.
 */
export const authSchema: BootstrapStep = {
  makes: 'the tables of sessions in the schema auth',
  sql: `
create table if not exists auth.sessions (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz
);
alter table auth.sessions
  add column if not exists updated_at timestamptz,
  add column if not exists factor_id uuid,
  add column if not exists aal text,
  add column if not exists not_after timestamptz,
  add column if not exists refreshed_at timestamp,
  add column if not exists user_agent text,
  add column if not exists ip inet,
  add column if not exists tag text;
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
create table if not exists auth.identities (
  provider_id text not null,
  user_id uuid not null references auth.users (id) on delete cascade,
  identity_data jsonb not null,
  provider text not null,
  last_sign_in_at timestamptz,
  created_at timestamptz,
  updated_at timestamptz,
  email text generated always as (lower(identity_data ->> 'email')) stored,
  id uuid primary key default gen_random_uuid(),
  constraint identities_provider_id_provider_unique unique (provider_id, provider)
);
create index if not exists identities_user_id on auth.identities (user_id);
create table if not exists auth.mfa_amr_claims (
  session_id uuid not null references auth.sessions (id) on delete cascade,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  authentication_method text not null,
  id uuid primary key default gen_random_uuid(),
  constraint mfa_amr_claims_session_id_authentication_method_pkey unique (session_id, authentication_method)
);
create table if not exists auth.one_time_tokens (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  token_type text not null,
  token_hash text not null,
  relates_to text not null,
  created_at timestamp not null default now(),
  updated_at timestamp not null default now(),
  unique (user_id, token_type)
);
create table if not exists auth.audit_log_entries (
  instance_id uuid,
  id uuid primary key,
  payload json,
  created_at timestamptz,
  ip_address varchar(64) not null default ''
);
`,
}
