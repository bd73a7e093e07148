import { createHash } from 'node:crypto'

/** The same uuid for the same name, on every machine and in every run. */
export function stableId(name: string): string {
  const hash = createHash('sha256').update(`tidemark demo ${name}`).digest('hex')
  const variant = ((parseInt(hash.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `${variant}${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-')
}

/** A number from 0 to 1 that looks random and is the same for the same name. */
export const chance = (name: string): number =>
  createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32

/** One of the choices: which one, the name decides. */
export const choose = <T>(name: string, choices: readonly [T, ...T[]]): T =>
  choices[Math.floor(chance(name) * choices.length)] as T
