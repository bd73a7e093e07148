import type {} from '@vitest/browser-playwright'
import { afterEach, expect, test } from 'vitest'
import { cdp } from 'vitest/browser'
import '../src/styles/tokens.css'

const system = (scheme: 'light' | 'dark' | '') =>
  cdp().send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] })

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
