import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { colors } from '../parts/colors.js'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
type Rgb = readonly number[]

/** What a block of the sheet declares, by name. */
function block(opening: string): Map<string, string> {
  const [, body] = css.split(opening)
  if (body === undefined) throw new Error(`There is no block '${opening}'.`)
  const declared = body.slice(0, body.indexOf('}')).matchAll(/^\s*([\w-]+): ([^;]+);$/gmu)
  return new Map(Array.from(declared, ([, name = '', value = '']) => [name, value]))
}
const themes = { light: block("[data-theme='light'] {"), dark: block("[data-theme='dark'] {") }

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16))

/** A colour of the tokens in one theme. */
function token(name: string, theme: 'light' | 'dark'): Rgb {
  const value = themes[theme].get(`--tm-${name}`)
  if (!/^#\w{6}$/u.test(value ?? '')) throw new Error(`--tm-${name} is no colour in the theme ${theme}`)
  return rgbOf(value ?? '')
}

/** The contrast of two colours, by WCAG 2.2. */
function contrast(one: Rgb, other: Rgb): number {
  const luminance = (color: Rgb): number => {
    const [red = 0, green = 0, blue = 0] = color.map((value) => {
      const part = value / 255
      return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const surfaces = ['surface', 'surface-raised', 'surface-sunken']
const words = ['text', 'text-quiet'].flatMap((name) => surfaces.map((on) => [name, on] as const))
const tones = ['good', 'warn', 'bad', 'accent'].flatMap((name) => surfaces.map((on) => [name, on] as const))
const chips = colors.flatMap((color) => [
  ['on-color', `color-${color}`] as const,
  [`color-${color}`, 'surface'] as const,
])

test.each([...words, ...tones, ...chips, ['on-accent', 'accent'] as const])(
  'AA: %s can be read on %s, in both themes',
  (name, on) => {
    for (const theme of ['light', 'dark'] as const)
      expect(contrast(token(name, theme), token(on, theme)), theme).toBeGreaterThanOrEqual(4.5)
  },
)

test.each(['line-strong', 'focus'])('AA: the edge %s can be seen on the surface, in both themes', (name) => {
  for (const theme of ['light', 'dark'] as const)
    expect(contrast(token(name, theme), token('surface', theme)), theme).toBeGreaterThanOrEqual(3)
})

test('both themes have the same tokens, and a dark system has those of the dark one', () => {
  expect([...themes.dark.keys()]).toEqual([...themes.light.keys()])
  expect(block(":root:not([data-theme='light']) {")).toEqual(themes.dark)
})

test('the contrast is that of WCAG', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21)
  expect(contrast(rgbOf('#777777'), [255, 255, 255])).toBeCloseTo(4.48, 2)
})
