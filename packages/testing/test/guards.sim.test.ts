import { expect, test } from 'vitest'
import { guards } from './mutants/guards.js'
import { huntWithout } from './mutants/huntWithout.js'

/** Seeds at most in which a missing guard is found out; most are in the first ten. */
const seeds = 300

test.concurrent.each(guards.map((guard) => [guard.law, guard] as const))(
  'the simulation finds out a core that does not keep this law: %s',
  async (_, guard) => {
    expect(await huntWithout(guard, seeds)).not.toBe('survived')
  },
)
