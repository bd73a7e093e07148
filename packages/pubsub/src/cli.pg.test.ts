import { once } from 'node:events'
import { expect, test } from 'vitest'
import { runCli } from '../test/process.js'
import { TestClient } from '../test/testService.js'
import { migrationSql } from './files.js'

test('`sql` prints the migration', async () => {
  const command = runCli(['sql'])
  await once(command.process, 'close')
  expect(command.output()).toBe(await migrationSql())
})

test('what is wrong is said in a sentence that says what to do, and the exit code is 1', async () => {
  for (const [parameters, expected] of [
    [['--nothing'], 'tidemark-pubsub --help'],
    [['sql', 'more'], 'tidemark-pubsub --help'],
    [[], 'DATABASE_URL'],
  ] as const) {
    const command = runCli([...parameters], { DATABASE_URL: '', JWT_SECRET: '' })
    const [code] = await once(command.process, 'close')
    expect(code).toBe(1)
    expect(command.output()).toContain(expected)
    expect(command.output()).not.toContain('    at ')
  }
})

test('`--dev` runs on an embedded PostgreSQL with demo entities, and SIGTERM ends it', async () => {
  const command = runCli(['--dev'], { PUBSUB_PORT: '0', NODE_ENV: 'development' })
  const [, url] = await command.printed(/PubSub +(ws:\S+)/)
  const [, token] = await command.printed(/Token +(\S+)\n/)
  const client = new TestClient(url!, token)
  await client.next('CONNECTED')
  expect(await client.subscribe('project', [], true)).toMatchObject({ list: true })
  expect((await command.end('SIGTERM')).code).toBe(0)
  expect(await client.closed).toBe('goingAway')
}, 90_000)
