import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, startTestServer, type TestServer } from '../../test/testServer.js'

const schema = `
create table public.clients (id int primary key, name text);
create table public.projects (
  id int primary key, name text, client_id int references clients, owner int, data jsonb
);
create table public.tasks (id int primary key, name text, project_id int references projects, done boolean);
create table public.people (id int primary key, name text, boss int references people);
alter table projects add constraint projects_owner foreign key (owner) references people;
create table public.people_tasks (person_id int references people, task_id int references tasks, primary key (person_id, task_id));
create table public.badges (person_id int primary key references people, code text);
create table public.trips (id int primary key, start_id int references clients, end_id int references clients);
create view public.open_tasks as select id as task, name, project_id as project from tasks where not done;
create function public.big_projects(clients) returns setof projects rows 1 language sql stable
  as 'select * from projects where client_id = $1.id and id > 2 limit 1';
create function public.all_projects(clients) returns setof projects language sql stable
  as 'select * from projects where client_id = $1.id';
create function public.projects_of(client int) returns setof projects language sql stable
  as 'select * from projects where client_id = projects_of.client';
insert into clients values (1, 'Ann'), (2, 'Bob');
insert into people values (1, 'Eva', null), (2, 'Tom', 1), (3, 'Ida', 1);
insert into projects values (1, 'web', 1, 1, '{"size": 3}'), (2, 'app', 1, 2, '{"size": 1}'), (3, 'api', 2, null, null), (4, 'lone', null, 1, null);
insert into tasks values (1, 'plan', 1, true), (2, 'draw', 1, false), (3, 'code', 2, false), (4, 'test', 3, true);
insert into people_tasks values (1, 1), (1, 2), (2, 2), (3, 3);
insert into badges values (1, 'E-1');
insert into trips values (1, 1, 2);
`

let server: TestServer
let db: Client
beforeAll(async () => {
  server = await startTestServer(schema)
  db = await server.client()
})
afterAll(() => server.stop())

/** The rows a question gives. */
async function rows(query: PromiseLike<{ data: unknown; error: unknown }>): Promise<any> {
  const { data, error } = await query
  expect(error).toBeNull()
  return data
}

describe('an embedded resource', () => {
  it('is one row, a list, a list through a junction, or one row by a unique key', async () => {
    expect(await rows(db.from('projects').select('name,clients(name)').order('id'))).toEqual([
      { name: 'web', clients: { name: 'Ann' } },
      { name: 'app', clients: { name: 'Ann' } },
      { name: 'api', clients: { name: 'Bob' } },
      { name: 'lone', clients: null },
    ])
    expect(await rows(db.from('clients').select('name,projects(id)').order('id'))).toEqual([
      { name: 'Ann', projects: [{ id: 1 }, { id: 2 }] },
      { name: 'Bob', projects: [{ id: 3 }] },
    ])
    expect(await rows(db.from('people').select('name,tasks(name)').eq('id', 1))).toEqual([
      { name: 'Eva', tasks: [{ name: 'plan' }, { name: 'draw' }] },
    ])
    expect(await rows(db.from('people').select('id,badges(code)').lt('id', 3).order('id'))).toEqual([
      { id: 1, badges: { code: 'E-1' } },
      { id: 2, badges: null },
    ])
  })

  it('may be of the same table: up by the column, down by the name of the table', async () => {
    expect(await rows(db.from('people').select('name,chief:boss(name),people(name)').order('id'))).toEqual([
      { name: 'Eva', chief: null, people: [{ name: 'Tom' }, { name: 'Ida' }] },
      { name: 'Tom', chief: { name: 'Eva' }, people: [] },
      { name: 'Ida', chief: { name: 'Eva' }, people: [] },
    ])
  })

  it('is found by key, column or table, and nests under other names', async () => {
    const { data } = await db
      .from('tasks')
      .select('task:name,project:project_id(title:name,owner:people!projects_owner(name,badge:badges(*)))')
      .eq('id', 1)
      .single()
    expect(data).toEqual({
      task: 'plan',
      project: { title: 'web', owner: { name: 'Eva', badge: { person_id: 1, code: 'E-1' } } },
    })
    expect(
      await rows(db.from('trips').select('from:clients!start_id(name),to:clients!trips_end_id_fkey(name)')),
    ).toEqual([{ from: { name: 'Ann' }, to: { name: 'Bob' } }])
    expect(await rows(db.from('people').select('id,tasks!people_tasks(id)').eq('id', 2))).toEqual([
      { id: 2, tasks: [{ id: 2 }] },
    ])
  })

  it('leaves out rows without a counterpart with !inner, and is counted so', async () => {
    const inner = await db.from('projects').select('id,clients!inner(id)', { count: 'exact' }).order('id')
    expect(inner.count).toBe(3)
    expect(inner.data?.map(({ id }) => id)).toEqual([1, 2, 3])
    const busy = await db
      .from('clients')
      .select('name,projects!inner(name,tasks!inner(name))', { count: 'exact' })
      .eq('projects.tasks.done', true)
      .order('id')
    expect([busy.count, busy.data]).toEqual([
      2,
      [
        { name: 'Ann', projects: [{ name: 'web', tasks: [{ name: 'plan' }] }] },
        { name: 'Bob', projects: [{ name: 'api', tasks: [{ name: 'test' }] }] },
      ],
    ])
    expect(await rows(db.from('projects').select('id,clients!left(id)').eq('id', 4))).toEqual([
      { id: 4, clients: null },
    ])
  })

  it('is filtered, ordered and cut for itself', async () => {
    const filtered = db
      .from('clients')
      .select('id,projects(id)')
      .or('id.eq.2,name.like.w*', { referencedTable: 'projects' })
      .order('id', { referencedTable: 'projects', ascending: false })
      .order('id')
    expect(await rows(filtered)).toEqual([
      { id: 1, projects: [{ id: 2 }, { id: 1 }] },
      { id: 2, projects: [] },
    ])
    const cut = db
      .from('clients')
      .select('id,all:projects(id)')
      .order('id', { referencedTable: 'all' })
      .range(1, 1, { referencedTable: 'all' })
      .eq('id', 1)
    expect(await rows(cut)).toEqual([{ id: 1, all: [{ id: 2 }] }])
  })

  it('orders the rows it belongs to by its own columns', async () => {
    const ordered = db.from('projects').select('id,clients(name)').not('client_id', 'is', null)
    expect(await rows(ordered.order('clients(name)', { ascending: false }).order('id'))).toMatchObject([
      { id: 3 },
      { id: 1 },
      { id: 2 },
    ])
  })

  it('is asked for being there at all', async () => {
    const ids = async (query: PromiseLike<{ data: unknown; error: unknown }>) =>
      ((await rows(query)) as { id: number }[]).map(({ id }) => id)
    expect(await ids(db.from('projects').select('id,clients()').is('clients', null))).toEqual([4])
    expect(await ids(db.from('people').select('id,tasks()').not('tasks', 'is', null).order('id'))).toEqual([
      1, 2, 3,
    ])
    const either = db.from('projects').select('id,clients(),tasks()').or('clients.is.null,tasks.is.null')
    expect(await ids(either)).toEqual([4])
    const counted = await db
      .from('projects')
      .select('id,clients()', { count: 'exact', head: true })
      .not('clients', 'is', null)
    expect(counted.count).toBe(3)
  })

  it('may be given by a function of the row', async () => {
    expect(
      await rows(db.from('clients').select('name,big_projects(name),all_projects(id)').order('id')),
    ).toEqual([
      { name: 'Ann', big_projects: null, all_projects: [{ id: 1 }, { id: 2 }] },
      { name: 'Bob', big_projects: { name: 'api' }, all_projects: [{ id: 3 }] },
    ])
  })

  it('is found through views, in both directions', async () => {
    expect(await rows(db.from('open_tasks').select('name,projects(name)').order('task'))).toEqual([
      { name: 'draw', projects: { name: 'web' } },
      { name: 'code', projects: { name: 'app' } },
    ])
    expect(await rows(db.from('projects').select('id,open_tasks(task)').eq('id', 1))).toEqual([
      { id: 1, open_tasks: [{ task: 2 }] },
    ])
    expect(await rows(db.from('people').select('id,open_tasks(name)').eq('id', 1))).toEqual([
      { id: 1, open_tasks: [{ name: 'draw' }] },
    ])
  })

  it('comes with what was written, and with the rows a function gives', async () => {
    const inserted = db.from('tasks').insert({ id: 9, name: 'ship', project_id: 3 })
    expect(await rows(inserted.select('name,projects(name,clients(name))').single())).toEqual({
      name: 'ship',
      projects: { name: 'api', clients: { name: 'Bob' } },
    })
    const updated = db.from('clients').update({ name: 'Bob' }).eq('id', 2).select('all_projects(tasks(id))')
    expect(await rows(updated)).toEqual([{ all_projects: [{ tasks: [{ id: 4 }, { id: 9 }] }] }])
    expect(await rows(db.from('tasks').delete().eq('id', 9).select('projects(id)'))).toEqual([
      { projects: { id: 3 } },
    ])
    const called = db
      .rpc('projects_of', { client: 1 })
      .select('name,people!inner(name)')
      .eq('people.name', 'Tom')
    expect(await rows(called)).toEqual([{ name: 'app', people: { name: 'Tom' } }])
  })
})
