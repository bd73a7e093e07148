-- The calendar: eight tables, who may see and change their rows, and what Postgres keeps true about them.
-- Needs PostgreSQL 15 or newer, the schema auth with auth.users and auth.uid(), and the roles anon,
-- authenticated and service_role: every Supabase project has them.

-- Types ------------------------------------------------------------------------------------------------

create type public.time_format as enum ('12_hour', '24_hour');
create type public.week_start_day as enum ('0', '1', '2', '3', '4', '5', '6');
create type public.calendar_type as enum ('default', 'user', 'archive');
create type public.show_time_as as enum ('free', 'tentative', 'busy', 'oof', 'working_elsewhere');
create type public.time_defense_level as enum ('flexible', 'normal', 'high', 'hard_block');
create type public.event_role as enum ('viewer', 'contributor', 'owner', 'delegate_full');
create type public.event_rsvp as enum ('tentative', 'accepted', 'declined');

-- Tables -----------------------------------------------------------------------------------------------

create table public.user_profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text not null,
  first_name text check (char_length(first_name) <= 200),
  last_name text check (char_length(last_name) <= 200),
  display_name text check (char_length(display_name) <= 200),
  title text check (char_length(title) <= 200),
  organization text check (char_length(organization) <= 200),
  avatar_url text check (char_length(avatar_url) <= 2000),
  timezone text not null default 'UTC' check (char_length(timezone) between 1 and 100),
  time_format public.time_format not null default '24_hour',
  week_start_day public.week_start_day not null default '1',
  work_schedule jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.user_calendars (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid() references public.user_profiles (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  color text not null default 'blue' check (char_length(color) between 1 and 40),
  type public.calendar_type not null default 'user',
  visible boolean not null default true,
  is_default boolean not null generated always as (type = 'default') stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, user_id)
);

create table public.user_categories (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid() references public.user_profiles (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  color text not null default 'blue' check (char_length(color) between 1 and 40),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (id, user_id)
);

create table public.user_work_periods (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid() references public.user_profiles (id) on delete cascade,
  weekday smallint not null check (weekday between 0 and 6),
  start_time time not null,
  end_time time not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (start_time < end_time)
);

create table public.ai_personas (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null default auth.uid() references public.user_profiles (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 200),
  avatar_url text check (char_length(avatar_url) <= 2000),
  system_prompt text check (char_length(system_prompt) <= 20000),
  greeting text check (char_length(greeting) <= 2000),
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- No event is longer than 31 days: that bounds how far before a range an event that reaches into it begins.
-- The times in ms are rounded down, as a JavaScript Date rounds them.
create table public.events (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid() references public.user_profiles (id) on delete cascade,
  creator_id uuid default auth.uid() references public.user_profiles (id) on delete set null,
  title text not null check (char_length(title) between 1 and 500),
  agenda text check (char_length(agenda) <= 20000),
  start_time timestamptz not null,
  duration integer not null check (duration between 1 and 44640),
  all_day boolean not null default false,
  private boolean not null default false,
  online_event boolean not null default false,
  in_person boolean not null default false,
  start_timestamp_ms bigint not null generated always as (
    floor(extract(epoch from start_time at time zone 'UTC') * 1000)::bigint
  ) stored,
  end_timestamp_ms bigint not null generated always as (
    floor(extract(epoch from start_time at time zone 'UTC') * 1000)::bigint + duration::bigint * 60000
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on column public.events.duration is 'Minutes.';

-- The foreign keys name the user as well: nobody files an event under somebody else's calendar.
create table public.event_details_personal (
  event_id uuid not null references public.events (id) on delete cascade,
  user_id uuid not null default auth.uid() references public.user_profiles (id) on delete cascade,
  calendar_id uuid,
  category_id uuid,
  show_time_as public.show_time_as not null default 'busy',
  time_defense_level public.time_defense_level not null default 'normal',
  ai_managed boolean not null default false,
  ai_instructions text check (char_length(ai_instructions) <= 20000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (event_id, user_id),
  foreign key (calendar_id, user_id) references public.user_calendars (id, user_id) on delete set null (calendar_id),
  foreign key (category_id, user_id) references public.user_categories (id, user_id) on delete set null (category_id)
);

create table public.event_user_roles (
  event_id uuid not null references public.events (id) on delete cascade,
  user_id uuid not null references public.user_profiles (id) on delete cascade,
  role public.event_role not null default 'viewer',
  rsvp public.event_rsvp,
  following boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (event_id, user_id)
);

-- Indexes ----------------------------------------------------------------------------------------------
-- Pulls go by (updated_at, key), with the owner in front where a table has one; the rest serve the policies,
-- ranges of time, and foreign keys whose other side is deleted.

create index user_profiles_pull on public.user_profiles (updated_at, id);
create index user_profiles_email on public.user_profiles (email);
create index user_calendars_pull on public.user_calendars (user_id, updated_at, id);
create index user_categories_pull on public.user_categories (user_id, updated_at, id);
create index user_work_periods_pull on public.user_work_periods (user_id, updated_at, id);
create index ai_personas_pull on public.ai_personas (user_id, updated_at, id);
create index events_pull on public.events (updated_at, id);
create index events_owner on public.events (owner_id, updated_at, id);
create index events_creator on public.events (creator_id);
create index events_start on public.events (start_timestamp_ms, end_timestamp_ms);
create index event_details_personal_pull on public.event_details_personal (user_id, updated_at, event_id);
create index event_details_personal_calendar on public.event_details_personal (calendar_id, user_id);
create index event_details_personal_category on public.event_details_personal (category_id, user_id);
create index event_user_roles_pull on public.event_user_roles (updated_at, event_id, user_id);
create index event_user_roles_user on public.event_user_roles (user_id, event_id);

create unique index user_calendars_one_default on public.user_calendars (user_id) where is_default;
create unique index user_categories_one_default on public.user_categories (user_id) where is_default;
create unique index ai_personas_one_default on public.ai_personas (user_id) where is_default;

-- Helpers that no client can call: nobody but their owner may use their schema ----------------------------

create schema calendar_private;
revoke all on schema calendar_private from public;

-- The policies of events and event_user_roles speak of each other. One side asks past the policies, so that
-- neither waits for the other.

create function calendar_private.owned_event_ids() returns setof uuid
language sql stable security definer set search_path = '' as $$
  select id from public.events where owner_id = auth.uid()
$$;

create function calendar_private.is_event_owner(event uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from public.events where id = event and owner_id = auth.uid())
$$;

-- Everyone who takes part in an event in which the signed-in user takes part.
create function calendar_private.people_met() returns setof uuid
language sql stable security definer set search_path = '' as $$
  with mine as (
    select id from public.events where owner_id = auth.uid()
    union
    select event_id from public.event_user_roles where user_id = auth.uid()
  )
  select user_id from public.event_user_roles where event_id in (select id from mine)
  union
  select owner_id from public.events where id in (select id from mine)
$$;

-- Triggers ---------------------------------------------------------------------------------------------

create function calendar_private.stamp() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.created_at := case when tg_op = 'INSERT' then clock_timestamp() else old.created_at end;
  new.updated_at := clock_timestamp();
  return new;
end $$;

do $$
declare
  name text;
begin
  foreach name in array array[
    'user_profiles', 'user_calendars', 'user_categories', 'user_work_periods', 'ai_personas',
    'events', 'event_details_personal', 'event_user_roles'
  ] loop
    execute format(
      'create trigger stamp before insert or update on public.%I
       for each row execute function calendar_private.stamp()', name);
  end loop;
end $$;

-- A default goes only with its user, whose profile is gone by the time the deletion cascades to here.
create function calendar_private.keep_default() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'The default % stays the default.', tg_argv[0] using errcode = 'check_violation';
  end if;
  if exists (select from public.user_profiles where id = old.user_id) then
    raise exception 'The default % cannot be deleted.', tg_argv[0]
      using errcode = 'check_violation', hint = 'Rename it, or delete another one.';
  end if;
  return old;
end $$;

create trigger keep_default before delete on public.user_calendars
  for each row when (old.type = 'default') execute function calendar_private.keep_default('calendar');
create trigger keep_default_type before update of type on public.user_calendars
  for each row when (old.type = 'default' and new.type <> 'default')
  execute function calendar_private.keep_default('calendar');
create trigger keep_default before delete on public.user_categories
  for each row when (old.is_default) execute function calendar_private.keep_default('category');
create trigger keep_default_mark before update of is_default on public.user_categories
  for each row when (old.is_default and not new.is_default)
  execute function calendar_private.keep_default('category');
create trigger keep_default before delete on public.ai_personas
  for each row when (old.is_default) execute function calendar_private.keep_default('persona');
create trigger keep_default_mark before update of is_default on public.ai_personas
  for each row when (old.is_default and not new.is_default)
  execute function calendar_private.keep_default('persona');

-- A policy sees the row before or after a change, never both: that someone who is invited may answer, but not
-- promote themselves, is said here. A request without a user (the service role, a migration) may do all.
create function calendar_private.guard_role() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if auth.uid() is not null and not calendar_private.is_event_owner(old.event_id) then
    raise exception 'Only the owner of the event changes roles.' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;

create trigger guard_role before update on public.event_user_roles
  for each row
  when ((new.event_id, new.user_id, new.role) is distinct from (old.event_id, old.user_id, old.role))
  execute function calendar_private.guard_role();

-- A new user finds a profile and the defaults. What the sign-up says of itself is cut to what the columns hold.
create function calendar_private.welcome_user() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  said jsonb := coalesce(new.raw_user_meta_data, '{}');
begin
  insert into public.user_profiles (id, email, first_name, last_name, display_name, avatar_url, timezone)
  values (
    new.id,
    coalesce(new.email, ''),
    left(said ->> 'first_name', 200),
    left(said ->> 'last_name', 200),
    left(coalesce(said ->> 'display_name', said ->> 'full_name', said ->> 'name'), 200),
    left(said ->> 'avatar_url', 2000),
    coalesce(nullif(left(said ->> 'timezone', 100), ''), 'UTC')
  );
  insert into public.user_calendars (user_id, name, color, type) values (new.id, 'Calendar', 'blue', 'default');
  insert into public.user_categories (user_id, name, color, is_default) values (new.id, 'General', 'gray', true);
  insert into public.ai_personas (user_id, name, greeting, is_default)
  values (new.id, 'Assistant', 'Hello! How can I help with your calendar?', true);
  return new;
end $$;

create trigger calendar_welcome_user after insert on auth.users
  for each row execute function calendar_private.welcome_user();

create function calendar_private.follow_email() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  update public.user_profiles set email = coalesce(new.email, '') where id = new.id;
  return new;
end $$;

create trigger calendar_follow_email after update of email on auth.users
  for each row when (new.email is distinct from old.email) execute function calendar_private.follow_email();

-- A project that has users already: they get what new ones get, as if they signed up now.
with newcomers as (
  insert into public.user_profiles (id, email) select id, coalesce(email, '') from auth.users returning id
), their_calendars as (
  insert into public.user_calendars (user_id, name, type) select id, 'Calendar', 'default' from newcomers
), their_categories as (
  insert into public.user_categories (user_id, name, color, is_default) select id, 'General', 'gray', true from newcomers
)
insert into public.ai_personas (user_id, name, greeting, is_default)
select id, 'Assistant', 'Hello! How can I help with your calendar?', true from newcomers;

-- Functions for clients --------------------------------------------------------------------------------

-- The signed-in user's archive calendar, made when there is none.
create function public.ensure_archived_calendar() returns uuid
language plpgsql security invoker set search_path = '' as $$
declare
  me uuid := auth.uid();
  archive uuid;
begin
  if me is null then
    raise exception 'Sign in to archive events.' using errcode = 'insufficient_privilege';
  end if;
  -- Two calls at once make one calendar.
  perform pg_advisory_xact_lock(hashtextextended('ensure_archived_calendar ' || me, 0));
  select id into archive from public.user_calendars
  where user_id = me and type = 'archive' order by created_at, id limit 1;
  if archive is null then
    insert into public.user_calendars (user_id, name, color, type, visible)
    values (me, 'Archived', 'gray', 'archive', false) returning id into archive;
  end if;
  return archive;
end $$;

-- Privileges: what is not granted here is not allowed, whatever the project's default privileges are -------

revoke all on
  public.user_profiles, public.user_calendars, public.user_categories, public.user_work_periods,
  public.ai_personas, public.events, public.event_details_personal, public.event_user_roles
from public, anon, authenticated;

grant select, insert, update, delete on
  public.user_calendars, public.user_categories, public.user_work_periods,
  public.ai_personas, public.events, public.event_details_personal, public.event_user_roles
to authenticated;

-- A profile comes and goes with its user, and its e-mail address is the one that signs in.
grant select on public.user_profiles to authenticated;
grant update (
  first_name, last_name, display_name, title, organization, avatar_url,
  timezone, time_format, week_start_day, work_schedule
) on public.user_profiles to authenticated;

grant all on
  public.user_profiles, public.user_calendars, public.user_categories, public.user_work_periods,
  public.ai_personas, public.events, public.event_details_personal, public.event_user_roles
to service_role;

revoke all on all functions in schema calendar_private from public;
grant execute on function
  calendar_private.owned_event_ids(), calendar_private.is_event_owner(uuid), calendar_private.people_met()
to authenticated;
revoke all on function public.ensure_archived_calendar() from public, anon;
grant execute on function public.ensure_archived_calendar() to authenticated, service_role;

-- Policies: auth.uid() stands in a subquery, so that it is asked once a statement and not once a row ---------

do $$
declare
  name text;
begin
  foreach name in array array[
    'user_profiles', 'user_calendars', 'user_categories', 'user_work_periods', 'ai_personas',
    'events', 'event_details_personal', 'event_user_roles'
  ] loop
    execute format('alter table public.%I enable row level security', name);
  end loop;
  foreach name in array array['user_calendars', 'user_categories', 'user_work_periods', 'ai_personas'] loop
    execute format(
      'create policy "own rows" on public.%I for all to authenticated
       using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()))', name);
  end loop;
end $$;

create policy "own profile, and those of people met" on public.user_profiles for select to authenticated
  using (id = (select auth.uid()) or id in (select calendar_private.people_met()));
create policy "own profile is changed" on public.user_profiles for update to authenticated
  using (id = (select auth.uid())) with check (id = (select auth.uid()));

create policy "own events, and those one is invited to" on public.events for select to authenticated
  using (
    owner_id = (select auth.uid())
    or exists (
      select from public.event_user_roles as invited
      where invited.event_id = events.id and invited.user_id = (select auth.uid())
    )
  );
create policy "events are made as one's own" on public.events for insert to authenticated
  with check (
    owner_id = (select auth.uid()) and (creator_id is null or creator_id = (select auth.uid()))
  );
create policy "the owner changes an event" on public.events for update to authenticated
  using (owner_id = (select auth.uid())) with check (owner_id = (select auth.uid()));
create policy "the owner deletes an event" on public.events for delete to authenticated
  using (owner_id = (select auth.uid()));

-- The subquery is subject to the policies of events: it finds an event that the user may see.
create policy "own details of visible events" on public.event_details_personal for all to authenticated
  using (
    user_id = (select auth.uid())
    and exists (select from public.events where events.id = event_details_personal.event_id)
  )
  with check (
    user_id = (select auth.uid())
    and exists (select from public.events where events.id = event_details_personal.event_id)
  );

create policy "own roles, and all of own events" on public.event_user_roles for select to authenticated
  using (user_id = (select auth.uid()) or event_id in (select calendar_private.owned_event_ids()));
create policy "the owner invites" on public.event_user_roles for insert to authenticated
  with check (calendar_private.is_event_owner(event_id));
create policy "the invited answer, the owner changes roles" on public.event_user_roles for update to authenticated
  using (user_id = (select auth.uid()) or calendar_private.is_event_owner(event_id))
  with check (user_id = (select auth.uid()) or calendar_private.is_event_owner(event_id));
create policy "the owner uninvites" on public.event_user_roles for delete to authenticated
  using (calendar_private.is_event_owner(event_id));

-- Realtime ---------------------------------------------------------------------------------------------

do $$ begin
  if not exists (select from pg_publication where pubname = 'supabase_realtime') then
    create publication supabase_realtime;
  end if;
  if not (select puballtables from pg_publication where pubname = 'supabase_realtime') then
    alter publication supabase_realtime add table
      public.user_profiles, public.user_calendars, public.user_categories, public.user_work_periods,
      public.ai_personas, public.events, public.event_details_personal, public.event_user_roles;
  end if;
end $$;
