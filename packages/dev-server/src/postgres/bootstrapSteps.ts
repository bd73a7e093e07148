/** One thing every Supabase database has. Each statement may be repeated, and leaves alone what is there. */
export interface BootstrapStep {
  /** What it makes, for the message when it may not. */
  readonly makes: string
  readonly sql: string
}

const role = (name: string, attributes: string) => `
do $$ begin
  if not exists (select from pg_roles where rolname = '${name}') then
    create role ${name} ${attributes};
  end if;
exception when duplicate_object or unique_violation then null;
end $$;`

const roles: BootstrapStep = {
  makes: 'the roles anon, authenticated, service_role (bypassrls) and authenticator',
  sql: `
${role('anon', 'nologin noinherit')}
${role('authenticated', 'nologin noinherit')}
${role('service_role', 'nologin noinherit bypassrls')}
${role('authenticator', 'nologin noinherit')}
do $$ begin
  if not pg_has_role('authenticator', 'anon', 'member') then
    grant anon, authenticated, service_role to authenticator;
  end if;
  if not pg_has_role(current_user, 'service_role', 'member') then
    execute format('grant anon, authenticated, service_role to %I', current_user);
  end if;
end $$;`,
}

const schemas: BootstrapStep = {
  makes: 'the schemas auth and extensions',
  sql: `
do $$ begin
  if to_regnamespace('auth') is null then
    create schema auth;
    grant usage on schema auth to anon, authenticated, service_role;
  end if;
  if to_regnamespace('extensions') is null then
    create schema extensions;
    grant usage on schema extensions to anon, authenticated, service_role;
  end if;
end $$;
grant usage on schema public to anon, authenticated, service_role;`,
}

const extensions: BootstrapStep = {
  makes: 'the extensions pgcrypto and uuid-ossp',
  sql: `
do $$
declare wanted text;
begin
  foreach wanted in array array['pgcrypto', 'uuid-ossp'] loop
    if exists (select from pg_available_extensions where name = wanted and installed_version is null) then
      execute format('create extension if not exists %I schema extensions', wanted);
    end if;
  end loop;
end $$;`,
}

const searchPath: BootstrapStep = {
  makes: 'the search path of the database',
  sql: `
do $$ begin
  if current_setting('search_path') ~ '\\yextensions\\y' then return; end if;
  execute format('alter database %I set search_path to "$user", public, extensions', current_database());
end $$;`,
}

const users: BootstrapStep = {
  makes: 'the table auth.users',
  sql: `
do $$ begin
  if to_regclass('auth.users') is not null then return; end if;
  create table auth.users (
    instance_id uuid,
    id uuid primary key,
    aud varchar(255),
    role varchar(255),
    email varchar(255),
    encrypted_password varchar(255),
    email_confirmed_at timestamptz,
    invited_at timestamptz,
    confirmation_token varchar(255),
    confirmation_sent_at timestamptz,
    recovery_token varchar(255),
    recovery_sent_at timestamptz,
    email_change_token_new varchar(255),
    email_change varchar(255),
    email_change_sent_at timestamptz,
    last_sign_in_at timestamptz,
    raw_app_meta_data jsonb,
    raw_user_meta_data jsonb,
    is_super_admin boolean,
    created_at timestamptz,
    updated_at timestamptz,
    phone text unique,
    phone_confirmed_at timestamptz,
    phone_change text default '',
    phone_change_token varchar(255) default '',
    phone_change_sent_at timestamptz,
    confirmed_at timestamptz generated always as (least(email_confirmed_at, phone_confirmed_at)) stored,
    email_change_token_current varchar(255) default '',
    email_change_confirm_status smallint default 0,
    banned_until timestamptz,
    reauthentication_token varchar(255) default '',
    reauthentication_sent_at timestamptz,
    is_sso_user boolean not null default false,
    deleted_at timestamptz,
    is_anonymous boolean not null default false
  );
  create unique index users_email_partial_key on auth.users (email) where is_sso_user = false;
  create index users_instance_id_email_idx on auth.users (instance_id, lower(email));
end $$;`,
}

const claim = (name: string, type: string) => `
  if to_regprocedure('auth.${name}()') is null then
    create function auth.${name}() returns ${type} language sql stable as $body$
      select coalesce(
        nullif(current_setting('request.jwt.claim.${name === 'uid' ? 'sub' : name}', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> '${name === 'uid' ? 'sub' : name}'
      )::${type}
    $body$;
  end if;`

const claims: BootstrapStep = {
  makes: 'the functions auth.uid(), auth.role(), auth.email() and auth.jwt()',
  sql: `
do $$ begin
${claim('uid', 'uuid')}
${claim('role', 'text')}
${claim('email', 'text')}
  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb language sql stable as $body$
      select coalesce(
        nullif(current_setting('request.jwt.claim', true), ''),
        nullif(current_setting('request.jwt.claims', true), '')
      )::jsonb
    $body$;
  end if;
end $$;`,
}

const privileges: BootstrapStep = {
  makes: 'the default privileges of the schema public',
  sql: ['tables', 'sequences', 'functions']
    .map(
      (kind) =>
        `alter default privileges in schema public grant all on ${kind} to anon, authenticated, service_role;`,
    )
    .join('\n'),
}

const publication: BootstrapStep = {
  makes: 'the publication supabase_realtime',
  sql: `
do $$ begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
end $$;`,
}

/** In the order in which they need each other. */
export const steps: readonly BootstrapStep[] = [
  roles,
  schemas,
  extensions,
  searchPath,
  users,
  claims,
  privileges,
  publication,
]
