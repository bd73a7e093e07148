/** `node scripts/summary.mjs <report.json> <exit status>`: one line for a run of Vitest, from its JSON report. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @param {string | undefined} report the text of Vitest's JSON report; undefined when it wrote none
 * @param {number} status the exit status of the run
 * @returns {string} `N passed, N failed`. What failed without a test of its own (a file that does not load, an error
 *   outside the tests, a run that broke off) counts as a failure too.
 */
export function summaryOf(report, status) {
  const { passed, failed } = report === undefined ? { passed: 0, failed: 0 } : countsOf(JSON.parse(report))
  return `${passed} passed, ${status !== 0 && failed === 0 ? 1 : failed} failed`
}

function countsOf({ numPassedTests, numFailedTests, testResults }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, status] = process.argv.slice(2)
  console.log(summaryOf(read(file), Number(status)))
}
