import { describe, expect, it } from 'vitest'
import { addressOf, codeAt, isCode, newSecret } from './totp.js'

/** The secret of the examples in RFC 6238: the digits from 1 to 0, twice. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('the code of an authenticator app', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('is that of RFC 6238 at second %i', (second, code) => {
    expect(codeAt(secret, second * 1_000)).toBe(code)
  })

  it('is good for the half minute before and after it, and no longer', () => {
    const now = 1_111_111_109_000
    const good = [-60_000, -30_000, 0, 30_000, 60_000].map((skew) =>
      isCode(secret, codeAt(secret, now + skew), now),
    )
    expect(good).toEqual([false, true, true, true, false])
    expect(isCode(secret, '', now)).toBe(false)
    expect(isCode(secret, '0818041', now)).toBe(false)
  })

  it('has a secret of its own for each factor, which its address tells', () => {
    expect(newSecret()).toMatch(/^[A-Z2-7]{32}$/)
    expect(newSecret()).not.toBe(newSecret())
    expect(addressOf(secret, 'My app', 'a@b.c')).toBe(
      `otpauth://totp/My%20app:a@b.c?algorithm=SHA1&digits=6&issuer=My+app&period=30&secret=${secret}`,
    )
  })
})
