import type { Version } from './codewords.js'

/** The modules of a code by row and column; undefined where data is to be placed. */
type Draft = (boolean | undefined)[][]

/** Places codewords in the modules of a code. True is dark. */
export function matrixOf(version: Version, codewords: readonly number[]): boolean[][] {
  const draft: Draft = Array.from({ length: version.size }, () => Array.from({ length: version.size }))
  drawFinders(draft)
  drawAlignment(draft, version)
  drawTiming(draft)
  drawFormat(draft)
  if (version.number >= 7) drawVersion(draft, version)
  return filled(draft, codewords)
}

const set = (draft: Draft, row: number, column: number, isDark: boolean) => {
  const line = draft[row]
  if (line && column >= 0 && column < line.length) line[column] = isDark
}

/** Rings around a middle: each module is dark or light by how far it is from there. */
function drawRings(
  draft: Draft,
  [row, column]: readonly [number, number],
  reach: number,
  light: readonly number[],
) {
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      set(draft, row + dy, column + dx, !light.includes(Math.max(Math.abs(dx), Math.abs(dy))))
    }
  }
}

/** The large squares in three corners, with a light line around them. */
function drawFinders(draft: Draft): void {
  const far = draft.length - 4
  for (const middle of [
    [3, 3],
    [3, far],
    [far, 3],
  ] as const)
    drawRings(draft, middle, 4, [2, 4])
}

function drawAlignment(draft: Draft, { number, size }: Version): void {
  if (number === 1) return
  const count = Math.floor(number / 7) + 2
  const step = Math.floor((number * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  const places = [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - at * step)]
  for (const row of places) {
    for (const column of places) {
      // In three corners there are the large squares.
      if (draft[row]?.[column] === undefined) drawRings(draft, [row, column], 2, [1])
    }
  }
}

/** Dark and light in turn, between the large squares. */
function drawTiming(draft: Draft): void {
  for (let at = 8; at < draft.length - 8; at += 1) {
    set(draft, 6, at, at % 2 === 0)
    set(draft, at, 6, at % 2 === 0)
  }
}

/** Level M and the mask of chequers, with the bits that correct errors in them. */
const format = 0x5412

/** Twice, each bit where ISO 18004, figure 19, has it. */
function drawFormat(draft: Draft): void {
  const end = draft.length - 1
  for (let bit = 0; bit < 15; bit += 1) {
    const isDark = ((format >>> bit) & 1) === 1
    const near = bit < 6 ? bit : bit < 8 ? bit + 1 : bit === 8 ? 7 : 14 - bit
    if (bit < 8) set(draft, near, 8, isDark)
    else set(draft, 8, near, isDark)
    if (bit < 8) set(draft, 8, end - bit, isDark)
    else set(draft, end - 14 + bit, 8, isDark)
  }
  set(draft, end - 7, 8, true)
}

/** The number of the version with twelve bits that correct errors in it, twice. */
function drawVersion(draft: Draft, { number, size }: Version): void {
  let rest = number
  for (let round = 0; round < 12; round += 1) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25)
  const bits = (number << 12) | rest
  for (let bit = 0; bit < 18; bit += 1) {
    const [far, near] = [size - 11 + (bit % 3), Math.floor(bit / 3)]
    set(draft, near, far, ((bits >>> bit) & 1) === 1)
    set(draft, far, near, ((bits >>> bit) & 1) === 1)
  }
}

/** In pairs of columns from the right, up and down in turn; every second module is turned round, which readers undo. */
function filled(draft: Draft, codewords: readonly number[]): boolean[][] {
  const { length } = draft
  let bit = 0
  for (let right = length - 1; right >= 1; right -= right === 8 ? 3 : 2) {
    for (let step = 0; step < length; step += 1) {
      const row = ((right + (right < 6 ? 1 : 0)) & 2) === ((length - 1) & 2) ? length - 1 - step : step
      for (const column of [right, right - 1]) {
        if (draft[row]?.[column] !== undefined) continue
        const value = ((codewords[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1
        set(draft, row, column, (value === 1) !== ((row + column) % 2 === 0))
        bit += 1
      }
    }
  }
  return draft.map((line) => line.map((module) => module === true))
}
