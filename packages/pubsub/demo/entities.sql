-- Three entities to try the service with. The owner of a project, and whom it is shared with, see the project and its
-- tasks; everybody who is signed in sees the employees.

create schema if not exists app;

create table app.employee (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique,
  version bigint not null default 1
);

create table app.project (
  id uuid primary key default gen_random_uuid(),
  owner_id uuid not null default auth.uid(),
  shared_with uuid[] not null default '{}',
  name text not null,
  stage text not null default 'planned',
  version bigint not null default 1
);

create table app.task (
  id uuid primary key default gen_random_uuid(),
  project_id uuid not null references app.project (id) on delete cascade,
  title text not null,
  done boolean not null default false,
  version bigint not null default 1
);
create index on app.task (project_id);

alter table app.employee enable row level security;
alter table app.project enable row level security;
alter table app.task enable row level security;

create policy employees_are_seen_by_all on app.employee for select to authenticated using (true);
create policy projects_of_the_user on app.project to authenticated
  using (owner_id = auth.uid() or auth.uid() = any(shared_with)) with check (owner_id = auth.uid());
create policy tasks_of_seen_projects on app.task to authenticated
  using (exists (select from app.project p where p.id = project_id));

grant usage on schema app to authenticated;
grant select on app.employee to authenticated;
grant select, insert, update, delete on app.project, app.task to authenticated;

select app.track('app.employee', version_column => 'version');
select app.track('app.project', version_column => 'version');
select app.track('app.task', version_column => 'version');
