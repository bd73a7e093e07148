/** Finds the Node and the pnpm of this repository, or gets them from npm, and installs the packages. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Failure, invocation, run } from './processes.mjs'

const wantedNode = 'node@24'
// What npm has fetched once serves again, with no network too.
const npmSettings = {
  npm_config_prefer_offline: 'true',
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_update_notifier: 'false',
  // A silent npm would not say why it could not.
  npm_config_loglevel: 'error',
}

/**
 * @typedef {{ node: string, pnpm: string, environment: Record<string, string | undefined> }} Tools
 * Paths or names of the programs, and the environment in which they find each other.
 */

/**
 * The tools this repository asks for in package.json: the running ones when they serve, else npm's own copies through npx.
 * @param {string} root
 * @returns {Promise<Tools>}
 * @throws {Failure} when they have to be fetched and npm cannot
 */
export async function findTools(root) {
  const { engines, packageManager } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const pnpm = packageManager.split('+')[0]
  const missing = [
    ...(recentEnough(process.versions.node, engines.node) ? [] : [wantedNode]),
    ...(sameMajor(pnpmVersion(root), pnpm.split('@')[1]) ? [] : [pnpm]),
  ]
  if (missing.length === 0) return { node: process.execPath, pnpm: 'pnpm', environment: process.env }
  return toolsFromNpm(root, missing)
}

/** Whether `version` (`20.1.0`) satisfies `range` (`>=22.18`). */
export function recentEnough(version, range) {
  const [major, minor] = version.split('.').map(Number)
  const [wantMajor, wantMinor = 0] = range
    .replace(/[^\d.]/g, '')
    .split('.')
    .map(Number)
  return major > wantMajor || (major === wantMajor && minor >= wantMinor)
}

function sameMajor(version, wanted) {
  return version?.split('.')[0] === wanted.split('.')[0]
}

function pnpmVersion(root) {
  const how = invocation('pnpm', ['--version'])
  const { status, stdout } = spawnSync(how.command, how.args, {
    cwd: root,
    shell: how.shell,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : undefined
}

/** Asks npx only where the tools lie: so no npx stands between this process and the task when a signal comes. */
async function toolsFromNpm(root, packages) {
  console.log(`Using ${packages.join(' and ')} from npm (this machine runs Node ${process.versions.node}) …`)
  const packageArgs = packages.map((name) => `--package=${name}`)
  const where = path.join(root, 'scripts', 'where.mjs')
  const [command, ...args] = npx()
  const how = invocation(command, [...args, '--yes', ...packageArgs, '--', 'node', where])
  const { status, stdout, stderr, error } = spawnSync(how.command, how.args, {
    cwd: root,
    shell: how.shell,
    encoding: 'utf8',
    env: { ...process.env, ...npmSettings },
  })
  if (error)
    throw new Failure(`npx could not be started: ${error.message}. Install npm, then run this again.`)
  const found = status === 0 ? readTools(stdout) : undefined
  if (found) return found
  throw (
    unreachable(stderr) ??
    new Failure(`npm could not provide ${packages.join(' and ')}:\n${stderr || stdout}`)
  )
}

function readTools(stdout) {
  const line = stdout.split('\n').find((text) => text.startsWith('{"node":'))
  if (!line) return undefined
  const { node, path: searchPath } = JSON.parse(line)
  const environment = { ...process.env, PATH: searchPath }
  // Windows may call it Path; two spellings of one variable confuse its shell.
  if ('Path' in environment) delete environment.Path
  return { node, pnpm: 'pnpm', environment }
}

/** npm's own script where it can be found, because Node starts it without a shell; else whatever is called npx. */
function npx() {
  const { npm_execpath: npm = '' } = process.env
  const folders = [path.dirname(npm), path.join(path.dirname(process.execPath), 'node_modules', 'npm', 'bin')]
  const script = folders.map((folder) => path.join(folder, 'npx-cli.js')).find((file) => existsSync(file))
  return script ? [process.execPath, script] : ['npx']
}

const networkErrors =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED)\b/

/** The sentence for a registry that did not answer, when that is what the output tells of. */
export function unreachable(output) {
  const code =
    networkErrors.exec(output)?.[0] ?? (/error sending request|dns error/i.test(output) ? 'no answer' : '')
  if (!code) return undefined
  return new Failure(
    `The npm registry could not be reached (${code}). Connect to the network, or set npm's registry or proxy, then run this again.`,
  )
}

/**
 * Installs the packages, when the lockfile or the workspace is not the one that was installed last.
 * @param {string} root
 * @param {Tools} tools
 * @throws {Failure} when the install fails
 */
export async function install(root, tools) {
  const stamp = path.join(root, 'node_modules', '.tidemark-installed')
  const wanted = fingerprint(root)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing the packages …')
  let output = ''
  const status = await run(
    tools.pnpm,
    ['install', '--frozen-lockfile', '--config.confirmModulesPurge=false'],
    {
      cwd: root,
      environment: tools.environment,
      tail: (text) => (output = (output + text).slice(-20_000)),
    },
  )
  if (status !== 0)
    throw unreachable(output) ?? new Failure(`'pnpm install' ended with ${status}; see above.`)
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

/** Changes when the packages have to be installed again: another lockfile, another workspace, another system. */
function fingerprint(root) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`)
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml'])
    hash.update(readFileSync(path.join(root, file)))
  return hash.digest('hex')
}
