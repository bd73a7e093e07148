import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../test/testServer.js'
import { fromHeader, toHeader } from './headerText.js'

const schema = `
create schema "كلمات";
grant usage on schema "كلمات" to anon;
create table "كلمات".words (id int primary key);
grant select on "كلمات".words to anon;
create function public.echo() returns text language plpgsql as $$
declare name text := current_setting('request.headers')::json ->> 'x-name';
begin
  perform set_config('response.headers', json_build_array(json_build_object('X-Name', name))::text, true);
  return name;
end $$;
create function public.hello() returns text language plpgsql as $$ begin
  raise sqlstate 'PGRST' using message = '{"code": "X", "message": "x"}',
    detail = '{"status": 402, "headers": {"X-Name": "größer"}, "status_text": "Zahlung nötig\\n"}';
end $$;
create function public.long(part text) returns text language sql as $$
  select set_config('response.headers', '[{"X-Name": "größer"}]', true);
  select repeat(part, 20000);
$$;
alter role authenticator set pgrst.db_schemas = 'public, كلمات';
`

let server: TestServer
beforeAll(async () => {
  server = await startTestServer(schema)
})
afterAll(() => server.stop())

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${server.url}/rest/v1${path}`, {
    method,
    headers: { apikey: server.anonKey, ...headers },
  })

test('a schema of any name is asked for and told', async () => {
  const answer = await ask('/words', { 'Accept-Profile': toHeader('كلمات') })
  expect([answer.status, await answer.json()]).toEqual([200, []])
  expect(fromHeader(answer.headers.get('content-profile') ?? '')).toBe('كلمات')
})

test('a function reads and writes headers in every script', async () => {
  const answer = await ask('/rpc/echo', { 'X-Name': toHeader('週 größer') })
  expect(await answer.json()).toBe('週 größer')
  expect(fromHeader(answer.headers.get('x-name') ?? '')).toBe('週 größer')
})

test('a reason that no status line can hold is told as far as it can', async () => {
  const answer = await ask('/rpc/hello')
  expect([answer.status, answer.statusText]).toEqual([402, 'Zahlung n?tig?'])
  expect(fromHeader(answer.headers.get('x-name') ?? '')).toBe('größer')
})

test('HEAD does not say that the answer to GET would be empty', async () => {
  const answer = await ask('/words', { 'Accept-Profile': toHeader('كلمات') }, 'HEAD')
  expect([answer.status, answer.headers.get('content-length')]).toEqual([200, null])
})

test.each(['a', 'ä', '週'])('a long body of %s arrives whole, and its headers with it', async (part) => {
  const answer = await ask(`/rpc/long?part=${encodeURIComponent(part)}`)
  const text = JSON.stringify(part.repeat(20_000))
  expect(answer.headers.get('content-length')).toBe(String(Buffer.byteLength(text)))
  expect(fromHeader(answer.headers.get('x-name') ?? '')).toBe('größer')
  expect(await answer.text()).toBe(text)
})
