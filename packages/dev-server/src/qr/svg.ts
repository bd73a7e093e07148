import { codewordsOf, versionFor } from './codewords.js'
import { matrixOf } from './matrix.js'

/** Light modules around a code, which readers need. */
const margin = 4

/** A text as a QR code, as an SVG of three pixels a module; undefined for a text that is too long for one. */
export function qrSvg(text: string): string | undefined {
  const bytes = new TextEncoder().encode(text)
  const version = versionFor(bytes.length)
  if (!version) return undefined
  const modules = matrixOf(version, codewordsOf(version, bytes))
  const path = modules.flatMap((line, row) =>
    line.flatMap((isDark, column) => (isDark ? [`M${column + margin} ${row + margin}h1v1h-1z`] : [])),
  )
  const side = version.size + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${side * 3}" height="${side * 3}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="white"/><path fill="black" d="${path.join('')}"/></svg>`
}
