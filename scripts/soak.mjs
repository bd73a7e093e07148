/**
 * Looks for rare faults for a long time: `npm run soak -- [--transactions 1000000] [--minutes 60]`. First the oracle: so many
 * transactions on a real PostgreSQL, in rounds, each compared at its end. Then simulated histories, for so many minutes.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { run } from './processes.mjs'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
/** What the oracle of `npm test` does at once; more rows would only make each statement slower. */
const round = 20_000

const { values } = parseArgs({
  options: {
    transactions: { type: 'string', default: '1000000' },
    minutes: { type: 'string', default: '60' },
  },
})
const transactions = Number(values.transactions)
const rounds = Math.ceil(transactions / round)

const oracle =
  rounds === 0
    ? 0
    : await run(
        process.execPath,
        [
          path.join('node_modules', 'vitest', 'vitest.mjs'),
          'run',
          '--config=vitest.workspace.ts',
          '--project=pg',
          'packages/postgres/test/oracle',
        ],
        {
          cwd: root,
          environment: {
            ...process.env,
            ORACLE_ROUNDS: String(rounds),
            ORACLE_TRANSACTIONS: String(Math.ceil(transactions / rounds)),
          },
        },
      )
const hooks = pathToFileURL(path.join(root, 'scripts', 'source-hooks.mjs')).href
const simulation = await run(
  process.execPath,
  ['--conditions=@tidemark/source', `--import=${hooks}`, 'packages/testing/scripts/soak.ts', values.minutes],
  { cwd: root },
)
process.exitCode = oracle || simulation
