import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeLoop, type LoopDriver } from '../../test/loopDriver.js'
import { expired, offline } from '../../test/memoryRemote.js'
import { settled } from '../../test/virtualPorts.js'

type Step =
  | { readonly name: 'wake' | 'hold' | 'let go' | 'suspend' | 'resume' | 'end' | 'fail' | 'expire' }
  | { readonly name: 'wake now' }
  | { readonly name: 'pass'; readonly ms: number }

/** A loop whose session can be renewed every other time. */
function driven(): LoopDriver {
  let refreshes = 0
  return makeLoop(() => Promise.resolve((refreshes += 1) % 2 === 0))
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.constantFrom<Step>(
      { name: 'wake' },
      { name: 'wake now' },
      { name: 'hold' },
      { name: 'let go' },
      { name: 'suspend' },
      { name: 'resume' },
      { name: 'end' },
      { name: 'fail' },
      { name: 'expire' },
    ),
    fc.nat(40_000).map((ms): Step => ({ name: 'pass', ms })),
  ),
  { maxLength: 30, size: 'max' },
)

/** Whether rounds may begin, as the loop was told. */
interface Told {
  held: boolean
  signedIn: boolean
}

async function take(step: Step, { loop, rounds, pass }: LoopDriver, told: Told): Promise<void> {
  const act: Record<Step['name'], () => unknown> = {
    wake: () => loop.wake(),
    'wake now': () => loop.wake(true),
    hold: () => loop.hold((told.held = true)),
    'let go': () => loop.hold((told.held = false)),
    suspend: () => (loop.suspend(), (told.signedIn = false)),
    resume: () => (loop.resume(), (told.signedIn = true)),
    end: () => rounds.at(-1)?.end(),
    fail: () => rounds.at(-1)?.fail(offline()),
    expire: () => rounds.at(-1)?.fail(expired()),
    pass: () => step.name === 'pass' && pass(step.ms),
  }
  await act[step.name]()
  await settled()
}

test('there is never more than one round, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const driver = driven()
      const told = { held: false, signedIn: true }
      for (const step of list) {
        await take(step, driver, told)
        expect(driver.running).toBeLessThanOrEqual(1)
      }
      driver.loop.stop()
    }),
    { numRuns: 300 },
  )
})

test('no round begins while the loop is held or nobody is signed in', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const driver = driven()
      const told = { held: false, signedIn: true }
      for (const step of list) {
        const begun = driver.rounds.length
        const mayBegin = !told.held && told.signedIn
        await take(step, driver, told)
        const mayStill = !told.held && told.signedIn
        if (!mayBegin && !mayStill) expect(driver.rounds.length).toBe(begun)
      }
      driver.loop.stop()
    }),
    { numRuns: 300 },
  )
})

test('work is never forgotten: when nothing stands in the way a round begins after each wake', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (list) => {
      const driver = driven()
      const told = { held: false, signedIn: true }
      for (const step of list) await take(step, driver, told)
      driver.loop.wake()
      const begun = driver.rounds.length - driver.running
      for (const name of ['resume', 'let go', 'end'] as const) await take({ name }, driver, told)
      await driver.pass(60_000)
      for (let left = 3; driver.running > 0 && left > 0; left -= 1) await driver.rounds.at(-1)?.end()
      expect(driver.rounds.length).toBeGreaterThan(begun)
      expect(driver.loop.state.name).toBe('idle')
    }),
    { numRuns: 300 },
  )
})
