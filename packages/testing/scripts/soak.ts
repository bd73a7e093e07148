import { SimulationError } from '../src/simulationError.js'
import { simulate } from '../src/simulate.js'

/**
 * Simulates new histories for as many minutes as are asked for (default: 60), and ends with 1 when a rule was broken. The seed of
 * the first is random, or asked for.
 */
const minutes = Number(process.argv[2] ?? 60)
const first = Number(process.argv[3] ?? Math.floor(Math.random() * 1e9))
process.stdout.write(`histories from ${first} on, for ${minutes} minutes\n`)
const end = Date.now() + minutes * 60_000
let broken = 0
let seed = first
for (; Date.now() < end; seed += 1) {
  try {
    await simulate({ seed })
  } catch (error) {
    broken += 1
    process.stdout.write(`${error instanceof SimulationError ? error.message : String(error)}\n`)
  }
}
process.stdout.write(`${seed - first} histories, ${broken} in which a rule was broken\n`)
process.exitCode = broken > 0 ? 1 : 0
