import type { Request } from '../context.js'

/** Lets requests through; while it is closed they wait. */
export interface Gate {
  /** Guards what answers requests. */
  guard<Answer>(answer: (request: Request) => Promise<Answer>): (request: Request) => Promise<Answer>
  /** Waits, but no longer than `patience` ms, for the requests that are under way, and works while no other one is. */
  closed(work: () => Promise<void>, patience: number): Promise<void>
}

export function createGate(): Gate {
  const underWay = new Set<Promise<unknown>>()
  let last: Promise<void> = Promise.resolve()

  const alone = async (work: () => Promise<void>, patience: number): Promise<void> => {
    await Promise.race([Promise.allSettled(underWay), after(patience)])
    await work()
  }
  return {
    guard: (answer) => async (request) => {
      // Another closing may have begun while this one was waited for.
      for (let seen; seen !== last;) await (seen = last)
      const answering = answer(request)
      underWay.add(answering)
      return answering.finally(() => underWay.delete(answering))
    },
    closed: (work, patience) => {
      const closing = last.then(() => alone(work, patience))
      // Whoever closed it is told of a failure; the requests after it go on.
      last = closing.catch(() => undefined)
      return closing
    },
  }
}

const after = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref())
