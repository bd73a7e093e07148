/** A size of QR code with error correction of level M, which bears the loss of every seventh codeword. */
export interface Version {
  /** From 1; each is four modules larger than the one before. */
  readonly number: number
  /** Modules of one side. */
  readonly size: number
  /** How many of the codewords of each block correct errors. */
  readonly correction: number
  readonly blocks: number
  /** Codewords of all blocks, those that correct errors included. */
  readonly total: number
}

/** ISO 18004, table 9, level M, of the versions 1 to 20. */
const corrections = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26]
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16]

/** The smallest version that holds so many bytes; undefined when none does. */
export function versionFor(bytes: number): Version | undefined {
  return corrections.map(toVersion).find((one) => bitsOf(one, bytes) <= dataOf(one) * 8)
}

function toVersion(correction: number, index: number): Version {
  const number = index + 1
  return {
    number,
    size: number * 4 + 17,
    correction,
    blocks: blockCounts[index] ?? 1,
    total: Math.floor(modulesOf(number) / 8),
  }
}

/** All modules but those of patterns, format and version. */
function modulesOf(number: number): number {
  const aligned = Math.floor(number / 7) + 2
  const alignment = number === 1 ? 0 : (25 * aligned - 10) * aligned - 55
  return (16 * number + 128) * number + 64 - alignment - (number >= 7 ? 36 : 0)
}

const dataOf = ({ total, correction, blocks }: Version) => total - correction * blocks

const countBits = ({ number }: Version) => (number < 10 ? 8 : 16)

const bitsOf = (version: Version, bytes: number) => 4 + countBits(version) + bytes * 8

/** The codewords of bytes in the order in which they are placed. */
export function codewordsOf(version: Version, bytes: Uint8Array): number[] {
  const { correction, blocks, total } = version
  const data = padded(version, bytes)
  const long = total % blocks
  const length = Math.floor(total / blocks) - correction
  let at = 0
  const split = Array.from({ length: blocks }, (_, index) =>
    data.slice(at, (at += length + (index < blocks - long ? 0 : 1))),
  )
  return [...interleaved(split), ...interleaved(split.map((block) => remainderOf(block, correction)))]
}

/** The first of each block, then the second of each; the shorter ones end earlier. */
function interleaved(blocks: readonly (readonly number[])[]): number[] {
  const longest = Math.max(...blocks.map(({ length }) => length))
  return Array.from({ length: longest }, (_, at) => blocks.flatMap((block) => block.slice(at, at + 1))).flat()
}

/** Kind, length and bytes, and after their end the two that fill the rest in turn. */
function padded(version: Version, bytes: Uint8Array): number[] {
  const bits = [
    '0100',
    bytes.length.toString(2).padStart(countBits(version), '0'),
    ...Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')),
    '0000',
  ].join('')
  const wanted = dataOf(version)
  const given = (bits.match(/.{1,8}/g) ?? []).slice(0, wanted).map((byte) => parseInt(byte.padEnd(8, '0'), 2))
  return [...given, ...Array.from({ length: wanted - given.length }, (_, at) => (at % 2 === 0 ? 0xec : 0x11))]
}

/** What a Reed–Solomon code adds to a block. */
function remainderOf(block: readonly number[], degree: number): number[] {
  const divisor = divisorOf(degree)
  return block.reduce(
    (rest, byte) => {
      const factor = byte ^ (rest[0] ?? 0)
      return divisor.map((coefficient, at) => (rest[at + 1] ?? 0) ^ product(coefficient, factor))
    },
    Array.from({ length: degree }, () => 0),
  )
}

/** The product of (x − 2ⁱ) for each i below the degree; its first coefficient, which is 1, is left out. */
function divisorOf(degree: number): number[] {
  let [result, root] = [[1], 1]
  for (let at = 0; at < degree; at += 1) {
    const scaled = [0, ...result.map((coefficient) => product(coefficient, root))]
    result = scaled.map((coefficient, place) => coefficient ^ (result[place] ?? 0))
    root = product(root, 2)
  }
  return result.slice(1)
}

/** The product of two elements of the field of 256, whose modulus is 0x11d. */
export function product(a: number, b: number): number {
  let result = 0
  for (let bit = 7; bit >= 0; bit -= 1) {
    result = (result << 1) ^ ((result >>> 7) * 0x11d)
    if (((b >>> bit) & 1) === 1) result ^= a
  }
  return result
}
