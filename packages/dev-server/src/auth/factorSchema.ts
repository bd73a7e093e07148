import type { BootstrapStep } from '../postgres/bootstrapSteps.js'

const type = (name: string, labels: readonly string[]) => `
  if to_regtype('auth.${name}') is null then
    create type auth.${name} as enum (${labels.map((label) => `'${label}'`).join(', ')});
  end if;`

/** The tables of second factors, with GoTrue's names and columns: policies ask them who must show one. */
export const factorSchema: BootstrapStep = {
  makes: 'the tables of second factors in the schema auth',
  sql: `
do $$ begin
${type('factor_type', ['totp', 'webauthn', 'phone'])}
${type('factor_status', ['unverified', 'verified'])}
${type('aal_level', ['aal1', 'aal2', 'aal3'])}
end $$;
create table if not exists auth.mfa_factors (
  id uuid primary key,
  user_id uuid not null references auth.users (id) on delete cascade,
  friendly_name text,
  factor_type auth.factor_type not null,
  status auth.factor_status not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  secret text,
  phone text,
  last_challenged_at timestamptz unique,
  web_authn_credential jsonb,
  web_authn_aaguid uuid,
  last_webauthn_challenge_data jsonb
);
create unique index if not exists mfa_factors_user_friendly_name_unique on auth.mfa_factors (friendly_name, user_id)
  where trim(friendly_name) <> '';
create index if not exists mfa_factors_user_id_idx on auth.mfa_factors (user_id);
create table if not exists auth.mfa_challenges (
  id uuid primary key,
  factor_id uuid not null references auth.mfa_factors (id) on delete cascade,
  created_at timestamptz not null,
  verified_at timestamptz,
  ip_address inet not null,
  otp_code text,
  web_authn_session_data jsonb
);
create index if not exists mfa_challenge_created_at_idx on auth.mfa_challenges (created_at desc);
`,
}
