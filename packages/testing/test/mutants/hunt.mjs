import { run } from '../../src/run.ts'

/** Runs seeds until one breaks a rule, and prints it; prints `survived` when none does. */
const [first = 1, count = 1] = process.argv.slice(2).map(Number)

async function hunt() {
  for (let seed = first; seed < first + count; seed += 1) {
    const { wrong } = await run({ seed }).catch((error) => ({ wrong: [String(error)] }))
    if (wrong.length > 0) return `seed ${seed}: ${wrong[0]}`
  }
  return 'survived'
}

process.on('unhandledRejection', (error) => {
  process.stdout.write(`unhandled: ${String(error)}\n`)
  process.exit(0)
})
process.stdout.write(`${await hunt()}\n`)
process.exit(0)
