import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { environment, readConfiguration } from './configuration.js'
import { PubsubError } from './errors.js'

const least = { DATABASE_URL: 'postgresql://app:app@localhost:5434/app', JWT_SECRET: 's'.repeat(32) }

test('the variables of the reference are enough', () => {
  expect(readConfiguration(least)).toMatchObject({
    PUBSUB_PORT: 4001,
    PUBSUB_POLL_SECONDS: 60,
    PUBSUB_ROLES: ['authenticated'],
    PUBSUB_TOKEN_IN_URL: false,
    PUBSUB_ORIGINS: [],
  })
})

test('lists, numbers and switches are read; what is empty is not set', () => {
  const read = readConfiguration({
    ...least,
    PUBSUB_ORIGINS: 'https://a.example, https://b.example',
    PUBSUB_PORT: '4100',
    PUBSUB_TOKEN_IN_URL: 'true',
    PUBSUB_NATS_URL: '',
  })
  expect(read).toMatchObject({
    PUBSUB_ORIGINS: ['https://a.example', 'https://b.example'],
    PUBSUB_PORT: 4100,
  })
  expect(read.PUBSUB_TOKEN_IN_URL).toBe(true)
  expect(read.PUBSUB_NATS_URL).toBeUndefined()
})

test('everything that is wrong is named at once, and no value of it', () => {
  const wrong = {
    DATABASE_URL: 'mysql://root:hunter2@localhost/app',
    JWT_SECRET: 'short-secret',
    PUBSUB_PORT: '70000',
    PUBSUB_AUTHORIZE: 'f(); drop table x',
  }
  const error = (() => {
    try {
      return readConfiguration(wrong)
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toBeInstanceOf(PubsubError)
  const { code, message } = error as PubsubError
  expect(code).toBe('configuration-invalid')
  for (const variable of Object.keys(wrong)) expect(message).toContain(variable)
  for (const value of Object.values(wrong)) expect(message).not.toContain(value)
  expect(message).not.toContain('hunter2')
})

test('a way to check tokens is required', () => {
  expect(() => readConfiguration({ DATABASE_URL: least.DATABASE_URL })).toThrow('PUBSUB_JWKS_URL')
})

test('the README names every variable, each with its default', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| +(?:`([^`]*)`|\w*) +\|/gm)]
  expect(rows.map(([, variable]) => variable)).toEqual(Object.keys(environment.shape))
  const defaults: Record<string, unknown> = readConfiguration(least)
  for (const [, variable = '', value] of rows) {
    if (value === undefined || variable in least) continue
    expect(String(defaults[variable]), variable).toBe(value)
  }
})
