import type {} from '@vitest/browser-playwright'
import { afterEach, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import '../src/styles/components.css'
import '../src/styles/tokens.css'

const emulate = (name: string, value: string) =>
  cdp().send('Emulation.setEmulatedMedia', { features: [{ name, value }] })
const system = (scheme: 'light' | 'dark' | '') => emulate('prefers-color-scheme', scheme)

afterEach(async () => {
  delete document.documentElement.dataset['theme']
  document.body.replaceChildren()
  await system('')
})

const light = '#ffffff'
const dark = '#14181f'
const surfaceOf = (element: Element | null) =>
  element && getComputedStyle(element).getPropertyValue('--tm-surface')

test('without a theme, the page is as the system is', async () => {
  await system('light')
  expect(surfaceOf(document.documentElement)).toBe(light)
  await system('dark')
  expect(surfaceOf(document.documentElement)).toBe(dark)
  expect(getComputedStyle(document.documentElement).colorScheme).toBe('dark')
})

test('the theme of the page wins over that of the system', async () => {
  await system('dark')
  document.documentElement.dataset['theme'] = 'light'
  expect(surfaceOf(document.documentElement)).toBe(light)
  await system('light')
  document.documentElement.dataset['theme'] = 'dark'
  expect(surfaceOf(document.documentElement)).toBe(dark)
})

test.each(['light', 'dark'] as const)(
  'in a %s system, an element inside another has its own theme',
  async (scheme) => {
    await system(scheme)
    document.body.innerHTML = `<div data-theme="dark"><p></p><div data-theme="light"><b></b></div></div>`
    expect(surfaceOf(document.querySelector('p'))).toBe(dark)
    expect(surfaceOf(document.querySelector('b'))).toBe(light)
    expect(surfaceOf(document.body)).toBe(scheme === 'dark' ? dark : light)
  },
)

test('in forced colours, what is disabled has the colour that the system has for it', async () => {
  await emulate('forced-colors', 'active')
  document.body.innerHTML = `<button class="tm-button" data-kind="primary" disabled>Save</button>
    <label class="tm-check"><input type="checkbox" disabled />Private</label><i style="color: GrayText"></i>`
  const colorOf = (selector: string) => {
    const element = document.querySelector(selector)
    return element && getComputedStyle(element).color
  }
  expect(colorOf('.tm-button')).toBe(colorOf('i'))
  expect(colorOf('.tm-check')).toBe(colorOf('i'))
  expect(colorOf('body')).not.toBe(colorOf('i'))
})
