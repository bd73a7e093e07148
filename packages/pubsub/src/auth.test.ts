import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createVerify } from './auth.js'
import { readConfiguration } from './configuration.js'

const secret = 'a secret of thirty-two characters'
const key = new TextEncoder().encode(secret)
const user = '11111111-1111-4111-8111-111111111111'
const now = Date.parse('2026-01-01T00:00:00Z')
const second = Math.floor(now / 1000)
const claims = { sub: user, role: 'authenticated', aud: 'authenticated', exp: second + 60 }
const environment = { DATABASE_URL: 'postgres://localhost/x', JWT_SECRET: secret }
const verify = createVerify(readConfiguration(environment), () => now)

const sign = (overrides: object = {}, alg = 'HS256', secretKey = key) =>
  new SignJWT({ ...claims, ...overrides }).setProtectedHeader({ alg }).sign(secretKey)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

test('a good token names the user, the role and the claims', async () => {
  const identity = await verify(await sign({ sub: user.toUpperCase(), org: 7 }))
  expect(identity).toMatchObject({ userId: user, role: 'authenticated', expiresAt: second + 60 })
  expect(JSON.parse(identity.claims)).toMatchObject({ org: 7 })
})

test.each([
  ['an expired token', () => sign({ exp: second - 1 }), 'expired'],
  ['a token without expiry', () => sign({ exp: undefined }), 'unauthorized'],
  [
    'a token of another secret',
    () => sign({}, 'HS256', Buffer.from('another secret of 32 characters..')),
    'unauthorized',
  ],
  ['another algorithm', () => sign({}, 'HS512', Buffer.from(secret.repeat(2))), 'unauthorized'],
  ['alg none', () => Promise.resolve(`${encode({ alg: 'none' })}.${encode(claims)}.`), 'unauthorized'],
  ['another audience', () => sign({ aud: 'anon' }), 'unauthorized'],
  ['a role that is not allowed', () => sign({ role: 'service_role' }), 'unauthorized'],
  ['a role with SQL in it', () => sign({ role: 'authenticated; reset role' }), 'unauthorized'],
  ['no subject', () => sign({ sub: undefined }), 'unauthorized'],
  ['a subject that is no UUID', () => sign({ sub: '__proto__' }), 'unauthorized'],
  ['no token at all', () => Promise.resolve('undefined'), 'unauthorized'],
  ['nothing', () => Promise.resolve(''), 'unauthorized'],
] as const)('%s is refused, and the message does not repeat it', async (_, make, reason) => {
  const token = await make()
  const error = await verify(token).catch((thrown: unknown) => thrown as Error)
  expect(error).toMatchObject({ name: 'TokenError', reason })
  if (token !== '') expect((error as Error).message).not.toContain(token)
})

test('keys of a JWKS URL serve asymmetric tokens, and never as a secret', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  const both = createVerify(readConfiguration({ ...environment, PUBSUB_JWKS_URL: url }), () => now)
  const asymmetric = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .sign(privateKey)
  expect((await both(asymmetric)).userId).toBe(user)
  expect((await both(await sign())).userId).toBe(user)
  const confused = await sign({}, 'HS256', Buffer.from(JSON.stringify(jwk)))
  await expect(both(confused)).rejects.toMatchObject({ reason: 'unauthorized' })
  server.close()
})
