import type { Version } from './database.js'

/** A number under 2^48 made of a row and its stamps: two hashes of 24 bits in the manner of FNV-1a. */
export function hashOf({ row, xid, seq }: Version): number {
  const text = JSON.stringify([row, xid, seq])
  let [a, b] = [0x811c9dc5, 0x01000193]
  for (let at = 0; at < text.length; at += 1) {
    a = Math.imul(a ^ text.charCodeAt(at), 16777619)
    b = Math.imul(b ^ text.charCodeAt(at), 2246822519)
  }
  return (a >>> 8) + (b >>> 8) * 2 ** 24
}
