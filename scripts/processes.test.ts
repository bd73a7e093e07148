import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { Failure, invocation, quoteForCmd, run } from './processes.mjs'

const node = process.execPath

describe('invocation', () => {
  test('no shell is used outside Windows', () => {
    expect(invocation('pnpm', ['run', 'a b'], 'linux')).toEqual({
      command: 'pnpm',
      args: ['run', 'a b'],
      shell: false,
    })
  })

  test('on Windows a .cmd goes through the shell as one quoted line', () => {
    expect(invocation('pnpm', ['--dir', 'C:\\my work', 'run'], 'win32')).toEqual({
      command: 'pnpm --dir "C:\\my work" run',
      args: [],
      shell: true,
    })
  })

  test('on Windows an .exe needs no shell', () => {
    expect(invocation('C:\\Program Files\\nodejs\\node.exe', ['a b'], 'win32').shell).toBe(false)
  })
})

test.each([
  ['plain', 'plain'],
  ['--project=unit', '--project=unit'],
  ['two words', '"two words"'],
  ['say "hi"', '"say \\"hi\\""'],
  ['ends in a backslash \\', '"ends in a backslash \\\\"'],
  ['a&b', '"a&b"'],
  ['', '""'],
])('cmd.exe gets %j as %j', (text, quoted) => {
  expect(quoteForCmd(text)).toBe(quoted)
})

describe('run', () => {
  test('resolves with the exit status', async () => {
    expect(await run(node, ['-e', 'process.exit(3)'])).toBe(3)
  })

  test('keeps what the command says, when asked to', async () => {
    let text = ''
    await run(node, ['-e', 'console.log("out"); console.error("err")'], { tail: (more) => (text += more) })
    expect(text).toContain('out')
    expect(text).toContain('err')
  })

  test('a command that is not there is a Failure that names it', async () => {
    const failed = run('no-such-command-here', [])
    await expect(failed).rejects.toBeInstanceOf(Failure)
    await expect(failed).rejects.toThrow(/no-such-command-here/)
  })

  test.runIf(process.platform !== 'win32')(
    'a signal reaches the command, which ends it its own way',
    async () => {
      const inner = `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1e3); console.log('ready')`
      const module = new URL('processes.mjs', import.meta.url).href
      const outer = `import { run } from '${module}'; process.exitCode = await run(process.execPath, ['-e', ${JSON.stringify(inner)}])`
      const child = spawn(node, ['--input-type=module', '-e', outer], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      child.kill('SIGTERM')
      const [code] = await once(child, 'close')
      expect(code).toBe(7)
    },
  )
})
