import { describe, expect, it } from 'vitest'
import { codewordsOf, product, versionFor } from './codewords.js'
import { matrixOf } from './matrix.js'
import { qrSvg } from './svg.js'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const version = (length: number) => versionFor(length) ?? expect.fail('too long')

/** As readers read it. */
const tidemark = [
  '#######...##..#######',
  '#.....#.#.....#.....#',
  '#.###.#.....#.#.###.#',
  '#.###.#..#....#.###.#',
  '#.###.#.##.##.#.###.#',
  '#.....#...##..#.....#',
  '#######.#.#.#.#######',
  '..........#..........',
  '#.#.#.#.....#...#..#.',
  '.#..##...###.########',
  '##....#....#.#.######',
  '..##......####.##..#.',
  '....####.###..#.#..##',
  '........#.....#.#...#',
  '#######...#.#..##.###',
  '#.....#..#....#....#.',
  '#.###.#.##..#.#.#....',
  '#.###.#..#.#.#.##..#.',
  '#.###.#.####.######.#',
  '#.....#...####.....#.',
  '#######.#..#.###...##',
]

describe('a QR code', () => {
  it('is as large as its text wants', () => {
    const numbers = [1, 14, 15, 180, 181, 666].map((length) => version(length).number)
    expect(numbers).toEqual([1, 1, 2, 9, 10, 20])
    expect(versionFor(667)).toBeUndefined()
    expect(qrSvg('x'.repeat(667))).toBeUndefined()
  })

  it('has the modules that readers expect', () => {
    const modules = matrixOf(version(8), codewordsOf(version(8), bytesOf('tidemark')))
    expect(modules.map((line) => line.map((isDark) => (isDark ? '#' : '.')).join(''))).toEqual(tidemark)
  })

  it('keeps its bytes, and what corrects them: each root of the code is one of the block', () => {
    const words = codewordsOf(version(8), bytesOf('tidemark'))
    const bits = words.map((word) => word.toString(2).padStart(8, '0')).join('')
    const bytes = Array.from({ length: 8 }, (_, at) => parseInt(bits.slice(12 + at * 8, 20 + at * 8), 2))
    expect(String.fromCharCode(...bytes)).toBe('tidemark')
    for (let [power, root] = [0, 1]; power < version(8).correction; power += 1, root = product(root, 2)) {
      expect(words.reduce((sum, word) => product(sum, root) ^ word, 0)).toBe(0)
    }
  })

  it('tells its version from the seventh on, twice', () => {
    for (const length of [122, 300, 666]) {
      const chosen = version(length)
      const modules = matrixOf(chosen, codewordsOf(chosen, bytesOf('x'.repeat(length))))
      const bits = Array.from(
        { length: 18 },
        (_, bit) => [chosen.size - 11 + (bit % 3), Math.floor(bit / 3)] as const,
      )
      const told = (at: (far: number, near: number) => boolean | undefined) =>
        bits.reduce((sum, [far, near], bit) => sum + (at(far, near) ? 2 ** bit : 0), 0)
      const above = told((far, near) => modules[near]?.[far])
      expect(above >>> 12).toBe(chosen.number)
      expect(told((far, near) => modules[far]?.[near])).toBe(above)
    }
  })

  it('is an SVG with a margin, and no sign that an address would have to escape', () => {
    const svg = qrSvg('tidemark') ?? ''
    expect(svg).toMatch(/^<svg [^#%]*viewBox="0 0 29 29"[^#%]*<\/svg>$/)
    expect(svg).toContain('M4 4h1v1h-1zM5 4h1v1h-1z')
  })
})
