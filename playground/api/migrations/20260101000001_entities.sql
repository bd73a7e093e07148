-- The entities of the page "Projects". Who may do what is decided here, at every request: by the role of the user's
-- employee, and by whose project it is.

create schema if not exists app;

create table app.employee (
  id uuid primary key default gen_random_uuid(),
  user_id uuid unique,
  name text not null check (name <> ''),
  email text not null unique,
  role text not null default 'viewer' check (role in ('viewer', 'editor', 'admin')),
  version bigint not null default 1,
  updated_at timestamptz not null default now()
);

create table app.project (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid(),
  shared_with uuid[] not null default '{}',
  name text not null check (name <> ''),
  stage text not null default 'planned',
  budget numeric(12, 2) check (budget >= 0),
  due date,
  version bigint not null default 1,
  updated_at timestamptz not null default now()
);
create index on app.project (owner_id);

create table app.task (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references app.project (id) on delete cascade,
  employee_id uuid references app.employee (id) on delete set null,
  title text not null check (title <> ''),
  done boolean not null default false,
  version bigint not null default 1,
  updated_at timestamptz not null default now()
);
create index on app.task (project_id);
create index on app.task (employee_id);

create table app.datalabel (
  name text not null,
  value text not null,
  label text not null,
  color text,
  position integer not null,
  primary key (name, value)
);
create table app.entity_code (code text primary key, label text not null);
create table app.setting (key text primary key, value jsonb not null);

insert into app.datalabel (name, value, label, color, position) values
  ('project_stage', 'planned', 'Planned', 'gray', 1),
  ('project_stage', 'active', 'Active', 'blue', 2),
  ('project_stage', 'held', 'On hold', 'orange', 3),
  ('project_stage', 'done', 'Done', 'green', 4);
insert into app.entity_code values ('project', 'Project'), ('task', 'Task'), ('employee', 'Employee');
insert into app.setting values ('currency', '"EUR"'), ('page_size', '20');

-- The version counts the changes of a row, whatever a client sends: it orders them, and it is the row's ETag.
create function app.count_version() returns trigger language plpgsql set search_path = '' as $$
begin
  new.version := old.version + 1;
  new.updated_at := now();
  return new;
end $$;
create trigger count_version before update on app.employee for each row execute function app.count_version();
create trigger count_version before update on app.project for each row execute function app.count_version();
create trigger count_version before update on app.task for each row execute function app.count_version();

-- Reads past the policies, because the policies ask it.
create function app.my_role() returns text language sql stable security definer set search_path = '' as $$
  select role from app.employee where user_id = auth.uid()
$$;

alter table app.employee enable row level security;
alter table app.project enable row level security;
alter table app.task enable row level security;
alter table app.datalabel enable row level security;
alter table app.entity_code enable row level security;
alter table app.setting enable row level security;

create policy staff_sees on app.employee for select to authenticated using ((select app.my_role()) is not null);
create policy admin_adds on app.employee for insert to authenticated with check ((select app.my_role()) = 'admin');
create policy admin_changes on app.employee for update to authenticated using ((select app.my_role()) = 'admin');
create policy admin_removes on app.employee for delete to authenticated using ((select app.my_role()) = 'admin');

create policy concerned_see on app.project for select to authenticated using (
  (select app.my_role()) = 'admin'
  or (select app.my_role()) is not null and (owner_id = auth.uid() or auth.uid() = any (shared_with))
);
create policy editor_adds on app.project for insert to authenticated
  with check ((select app.my_role()) in ('editor', 'admin') and owner_id = auth.uid());
create policy editor_changes on app.project for update to authenticated
  using ((select app.my_role()) in ('editor', 'admin'));
create policy owner_removes on app.project for delete to authenticated
  using ((select app.my_role()) = 'admin' or (select app.my_role()) = 'editor' and owner_id = auth.uid());

-- A project that the user does not see is not there for this subquery either.
create policy of_seen_project on app.task for select to authenticated
  using (exists (select from app.project p where p.id = project_id));
create policy editor_adds on app.task for insert to authenticated with check (
  (select app.my_role()) in ('editor', 'admin') and exists (select from app.project p where p.id = project_id));
create policy editor_changes on app.task for update to authenticated
  using ((select app.my_role()) in ('editor', 'admin'));
create policy editor_removes on app.task for delete to authenticated
  using ((select app.my_role()) in ('editor', 'admin'));

create policy staff_reads on app.datalabel for select to authenticated using ((select app.my_role()) is not null);
create policy staff_reads on app.entity_code for select to authenticated using ((select app.my_role()) is not null);
create policy staff_reads on app.setting for select to authenticated using ((select app.my_role()) is not null);

grant usage on schema app to authenticated;
grant select, insert, update, delete on app.employee, app.project, app.task to authenticated;
grant select on app.datalabel, app.entity_code, app.setting to authenticated;
