/**
 * Finds a Chromium for the browser tests, or gets one. Plain JavaScript without dependencies: it runs before anything is installed.
 */
import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { Failure } from './processes.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Where installers put Chromium and its kin on systems that do not put them on the path. */
const usualPlaces = {
  darwin: () => [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  win32: (env) =>
    [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
      .filter(Boolean)
      .flatMap((base) => [
        path.win32.join(base, 'Chromium', 'Application', 'chrome.exe'),
        path.win32.join(base, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        path.win32.join(base, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]),
}

/**
 * The executable of a Chromium that is installed already.
 * @param {Record<string, string | undefined>} env the environment to look in
 * @param {NodeJS.Platform} platform
 * @param {(file: string) => boolean} exists
 * @returns {string | undefined} `CHROMIUM_PATH` when it names a file, else one on the path, else one in the usual places
 */
export function findChromium(env = process.env, platform = process.platform, exists = existsSync) {
  const { delimiter, join } = platform === 'win32' ? path.win32 : path.posix
  const suffix = platform === 'win32' ? '.exe' : ''
  const folders = (env.PATH ?? env.Path ?? '').split(delimiter).filter(Boolean)
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name + suffix)))
  const candidates = [env.CHROMIUM_PATH, ...onPath, ...(usualPlaces[platform]?.(env) ?? [])]
  return candidates.find((file) => file && exists(file))
}

/** Whether Playwright has a Chromium of its own, which it then starts without being told a path. */
export function playwrightHasChromium(env = process.env, platform = process.platform) {
  const folder = env.PLAYWRIGHT_BROWSERS_PATH ?? playwrightFolder(env, platform)
  return existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('chromium'))
}

function playwrightFolder(env, platform) {
  if (platform === 'win32') return path.join(env.LOCALAPPDATA ?? homedir(), 'ms-playwright')
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', 'ms-playwright')
  return path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'ms-playwright')
}

/**
 * Makes sure of a Chromium for a test run.
 * @param {Record<string, string | undefined>} env
 * @param {{ run: (command: string, args: string[]) => Promise<number>, playwright: string[] }} means
 *   how to run a command to its exit status, and the command line of Playwright
 * @returns {Promise<string | undefined>} its executable, or undefined when Playwright brings its own
 * @throws {Failure} with what to do, when none was found and none could be installed
 */
export async function ensureChromium(env, { run, playwright: [command, ...args] }) {
  if (env.CHROMIUM_PATH && !existsSync(env.CHROMIUM_PATH)) {
    throw new Failure(
      `CHROMIUM_PATH names '${env.CHROMIUM_PATH}', which is not there. Correct it, or unset it.`,
    )
  }
  const found = findChromium(env)
  if (found || playwrightHasChromium(env)) return found
  console.log('No Chromium was found: asking Playwright for one …')
  if ((await run(command, [...args, 'install', 'chromium'])) === 0) return undefined
  if (canUseApt()) await installByApt(run)
  const installed = findChromium(env)
  if (installed) return installed
  throw new Failure(
    'No Chromium was found and none could be installed. Install Chromium or Chrome, or set CHROMIUM_PATH to its executable.',
  )
}

async function installByApt(run) {
  console.log('Playwright could not get one: installing chromium by apt …')
  await run('apt-get', ['update'])
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'])
}

function canUseApt() {
  return process.platform === 'linux' && process.getuid() === 0 && existsSync('/usr/bin/apt-get')
}
