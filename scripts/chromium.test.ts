import { describe, expect, test } from 'vitest'
import { ensureChromium, findChromium } from './chromium.mjs'

const only =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file)

describe('findChromium', () => {
  test('CHROMIUM_PATH comes before what is on the path', () => {
    const env = { CHROMIUM_PATH: '/opt/mine', PATH: '/usr/bin' }
    expect(findChromium(env, 'linux', only('/opt/mine', '/usr/bin/chromium'))).toBe('/opt/mine')
  })

  test('the path is searched in order, for every name', () => {
    const env = { PATH: '/a:/b' }
    expect(findChromium(env, 'linux', only('/b/google-chrome'))).toBe('/b/google-chrome')
  })

  test('a Windows path is split at semicolons and ends in .exe', () => {
    const env = { Path: 'C:\\tools;C:\\web browsers' }
    const file = 'C:\\web browsers\\chromium.exe'
    expect(findChromium(env, 'win32', only(file))).toBe(file)
  })

  test('on Windows and macOS the usual places are searched too', () => {
    const chrome = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe'
    expect(findChromium({ ProgramFiles: 'C:\\Program Files' }, 'win32', only(chrome))).toBe(chrome)
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
    expect(findChromium({}, 'darwin', only(mac))).toBe(mac)
  })

  test('none is undefined', () => {
    expect(findChromium({ PATH: '/usr/bin' }, 'linux', () => false)).toBeUndefined()
  })
})

test('a CHROMIUM_PATH that is not there is said, and nothing is installed', async () => {
  const ran: string[] = []
  const means = {
    run: (command: string) => {
      ran.push(command)
      return Promise.resolve(0)
    },
    playwright: ['node', 'cli.js'],
  }
  await expect(ensureChromium({ CHROMIUM_PATH: '/nowhere/chromium' }, means)).rejects.toThrow(
    /CHROMIUM_PATH names '\/nowhere\/chromium'.*unset/,
  )
  expect(ran).toEqual([])
})
