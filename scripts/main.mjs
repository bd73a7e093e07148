/** The tasks of the repository, and what each needs before it can run. */
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { Failure, run } from './processes.mjs'
import { findTools, install } from './toolchain.mjs'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const hooks = pathToFileURL(path.join(root, 'scripts', 'source-hooks.mjs')).href
const source = ['--conditions=@tidemark/source', '--import', hooks]
const everywhere = ['--recursive', '--workspace-concurrency=2']

/** `node` and `pnpm` are the arguments of the command that does the task; `needs` is what it cannot do without. */
const tasks = {
  start: { node: [...source, 'playground/scripts/start.ts'] },
  test: {
    node: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts'],
    needs: 'chromium',
  },
  bench: { pnpm: ['--filter', '@tidemark/bench', 'run', 'bench'], needs: 'chromium' },
  soak: { node: ['scripts/soak.mjs'] },
  build: { pnpm: [...everywhere, 'run', 'build'] },
  check: { pnpm: [...everywhere, 'run', 'check'] },
  lint: { node: ['node_modules/eslint/bin/eslint.js', '.'] },
  format: { node: ['node_modules/prettier/bin/prettier.cjs', '--write', '.'] },
  storybook: { pnpm: ['--filter', './stories', 'run', 'dev'] },
  'storybook:build': { pnpm: ['--filter', './stories', 'run', 'build'] },
  docs: { pnpm: ['--filter', './docs', 'run', 'build'] },
}

/**
 * Runs one task and sets the exit code of the process.
 * @param {string[]} argv the task's name, then what is passed on to its command
 */
export async function main([name, ...rest]) {
  try {
    process.exitCode = await runTask(name, rest)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  }
}

async function runTask(name, rest) {
  if (!Object.hasOwn(tasks, name ?? '')) {
    throw new Failure(`There is no task '${name ?? ''}'. Known: ${Object.keys(tasks).join(', ')}.`)
  }
  const task = tasks[name]
  const tools = await findTools(root)
  await install(root, tools)
  const environment = { ...tools.environment }
  if (task.needs === 'chromium') environment.CHROMIUM_PATH = (await chromium(tools)) ?? ''
  const [command, args] = task.node ? [tools.node, task.node] : [tools.pnpm, task.pnpm]
  return run(command, [...args, ...rest], { cwd: root, environment })
}

function chromium(tools) {
  return ensureChromium(tools.environment, {
    run: (command, args) => run(command, args, { cwd: root, environment: tools.environment }),
    playwright: [tools.node, path.join(root, 'node_modules', 'playwright', 'cli.js')],
  })
}
