import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** How long a code of an authenticator app is good, in ms. */
const period = 30_000

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A new secret of 160 bits, in base 32 as authenticator apps take it. */
export function newSecret(): string {
  return Array.from(randomBytes(32), (byte) => alphabet[byte & 31] ?? '').join('')
}

/**
 * The code of six digits that an authenticator app shows.
 * @param secret in base 32
 * @param at when, in ms
 */
export function codeAt(secret: string, at: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / period)))
  const hash = createHmac('sha1', bytesOf(secret)).update(counter).digest()
  const place = (hash.at(-1) ?? 0) & 15
  return String((hash.readUInt32BE(place) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Whether a code is that of now, or of the half minute before or after. */
export function isCode(secret: string, code: string, now: number): boolean {
  const given = Buffer.from(code.trim())
  return [-period, 0, period].some((skew) => {
    const right = Buffer.from(codeAt(secret, now + skew))
    return right.length === given.length && timingSafeEqual(right, given)
  })
}

/** The address that an authenticator app reads a secret from. */
export function addressOf(secret: string, issuer: string, account: string): string {
  const query = new URLSearchParams({ algorithm: 'SHA1', digits: '6', issuer, period: '30', secret })
  return `otpauth://totp/${encodeURI(`${issuer}:${account}`)}?${query.toString()}`
}

/** Each sign has five bits. */
function bytesOf(secret: string): Buffer {
  const bits = Array.from(secret, (sign) => alphabet.indexOf(sign).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)))
}
