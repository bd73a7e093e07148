import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { memory, rootIn, type Surroundings } from './temporaryRoot.js'

const gigabyte = 1024 ** 3
const plenty: Surroundings = {
  platform: 'linux',
  environment: {},
  lent: 8 * gigabyte,
  available: 8 * gigabyte,
}

it('temporary databases lie in memory where there is plenty of it', () => {
  expect(rootIn(plenty)).toBe(memory)
})

it.each<[string, Partial<Surroundings>]>([
  ['a container lends little', { lent: gigabyte / 16 }],
  ['memory is short', { available: 2 * gigabyte }],
  ['somebody has chosen where', { environment: { TMPDIR: '/var/tmp' } }],
  ['the system is another one', { platform: 'darwin' }],
])('they lie among the temporary files where %s', (_, differs) => {
  expect(rootIn({ ...plenty, ...differs })).toBe(tmpdir())
})
