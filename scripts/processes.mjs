/** Starts commands the same way on Linux, macOS and Windows, and passes signals on to them. */
import { spawn } from 'node:child_process'

/** An expected failure: its message is all that a person needs to read. */
export class Failure extends Error {}

/**
 * How a command is started. On Windows only a shell can start the `.cmd` files of npm and pnpm, and it wants one quoted line;
 * programs named by their `.exe` and everything elsewhere need no shell.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.Platform} platform
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function invocation(command, args, platform = process.platform) {
  if (platform !== 'win32' || /\.exe$/i.test(command)) return { command, args, shell: false }
  return { command: [command, ...args].map(quoteForCmd).join(' '), args: [], shell: true }
}

/** One argument for `cmd.exe`: quoted when it holds a character that cmd would take for itself. */
export function quoteForCmd(text) {
  if (/^[\w@:=.,/\\+-]+$/.test(text)) return text
  // The programs undo backslashes before a quote by C's rules: double them there and at the end.
  const escaped = text.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')
  return `"${escaped}"`
}

/**
 * Runs a command to its end. It has the terminal to itself, unless `tail` is given: then its output is passed through and kept.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, environment?: Record<string, string | undefined>, tail?: (text: string) => void }} options
 * @returns {Promise<number>} its exit status, 128 and more when a signal ended it
 * @throws {Failure} when it could not be started
 */
export function run(command, args, { cwd, environment, tail } = {}) {
  const how = invocation(command, args)
  const child = spawn(how.command, how.args, {
    cwd,
    env: environment ?? process.env,
    shell: how.shell,
    stdio: tail ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  if (tail) {
    passThrough(child.stdout, process.stdout, tail)
    passThrough(child.stderr, process.stderr, tail)
  }
  return ended(child, command)
}

function ended(child, command) {
  const release = forwardSignals(child)
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      release()
      reject(new Failure(`'${command}' could not be started: ${error.message}`))
    })
    child.once('close', (code, signal) => {
      release()
      resolve(code ?? exitOf(signal))
    })
  })
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }

function exitOf(signal) {
  return 128 + (signals[signal] ?? 0)
}

/** Stays alive until the child has cleaned up. A terminal sends Ctrl-C to both; any other signal reaches only this process. */
function forwardSignals(child) {
  const handlers = Object.keys(signals).map((signal) => {
    const handler = () => {
      const both = signal === 'SIGINT' && process.stdin.isTTY
      if (!both) child.kill(signal)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  return () => handlers.forEach((off) => off())
}

function passThrough(from, to, tail) {
  from.setEncoding('utf8')
  from.on('data', (text) => {
    to.write(text)
    tail(text)
  })
}
