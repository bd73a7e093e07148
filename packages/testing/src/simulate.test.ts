import { describe, expect, test } from 'vitest'
import { boardsScenario } from './boards.js'
import { run } from './run.js'
import { simulate } from './simulate.js'
import { SimulationError } from './simulationError.js'
import type { Scenario } from './scenario.js'

/** A scenario whose own check finds something wrong as soon as a note was deleted on the server. */
const fussy: Scenario = {
  ...boardsScenario,
  check: ({ writes }) =>
    writes.some(({ op, table }) => op === 'delete' && table === 'notes') ? ['R6: a note was deleted.'] : [],
}

async function failure(): Promise<SimulationError> {
  for (let seed = 1; seed < 50; seed += 1) {
    const error: unknown = await simulate({ seed, steps: 60, scenario: fussy }).catch(
      (thrown: unknown) => thrown,
    )
    if (error instanceof SimulationError) return error
  }
  throw new Error('No seed deleted a note.')
}

describe('a simulation', () => {
  test('is the same for the same seed', async () => {
    const [one, other] = [await run({ seed: 7, steps: 80 }), await run({ seed: 7, steps: 80 })]
    expect(other).toEqual(one)
    expect((await run({ seed: 8, steps: 80 })).history).not.toEqual(one.history)
  })

  test('that breaks a rule says which, and gives a line that replays it with as few steps as can be', async () => {
    const error = await failure()
    expect(error.code).toBe('rule-broken')
    expect(error.wrong).toContain('R6: a note was deleted.')
    expect(error.history.length).toBeLessThan(12)
    const only = /only: \[([\d, ]*)\]/.exec(error.replay)?.[1]?.split(', ').map(Number) ?? []
    const again = await run({ seed: error.seed, steps: 60, only, scenario: fussy })
    expect(again.wrong).toEqual(error.wrong)
    expect(again.history).toEqual(error.history)
  })

  test('leaves the machine as it was', async () => {
    const before = globalThis.setImmediate
    await run({ seed: 1, steps: 20 })
    expect(globalThis.setImmediate).toBe(before)
  })
})
