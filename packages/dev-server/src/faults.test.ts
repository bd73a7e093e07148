import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createFaults } from './faults.js'

describe('faults', () => {
  it('never happen until they are set, and never after they are cleared', () => {
    const faults = createFaults(() => 0)
    expect(faults.happens(faults.current.dropResponses)).toBe(false)
    faults.set({ dropResponses: 0.2 })
    expect(faults.happens(faults.current.dropResponses)).toBe(true)
    faults.set({ dropRequests: 1, user: 'anna' })
    faults.clear()
    expect([faults.current, faults.forUser('anna')]).toEqual([{}, {}])
  })

  it('of one user leave the others alone', () => {
    const faults = createFaults()
    faults.set({ latency: 10 })
    faults.set({ latency: 500, user: 'anna' })
    expect(faults.forUser('anna')).toEqual({ latency: 500 })
    expect(faults.forUser('ben')).toEqual({ latency: 10 })
    expect(faults.forUser(undefined)).toEqual({ latency: 10 })
  })

  it('happen as often as they should with an honest dice', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (probability) => {
        let roll = 0
        const faults = createFaults(() => (roll++ % 1000) / 1000)
        const times = Array.from({ length: 1000 }, () => faults.happens(probability)).filter(Boolean).length
        expect(Math.abs(times - probability * 1000)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('draw a latency from its range', () => {
    const delay = (random: number) => createFaults(() => random).delay({ latency: [100, 300] })
    expect([delay(0), delay(0.5), delay(1)]).toEqual([100, 200, 300])
  })

  it('refuse values that mean nothing, and keep what was set', () => {
    const faults = createFaults()
    faults.set({ latency: 5 })
    const wrong = [
      { dropResponses: 2 },
      { unauthorized: -1 },
      { latency: -5 },
      { only: '(' },
      { errors: { status: 200, probability: 1 } },
      { drop: 1 },
    ]
    for (const settings of wrong) {
      expect(() => faults.set(settings as never)).toThrow(expect.objectContaining({ code: 'faults-invalid' }))
    }
    expect(faults.current).toEqual({ latency: 5 })
  })

  it('tell every listener to drop its sockets', () => {
    const faults = createFaults()
    const listener = vi.fn()
    faults.onDropSockets(listener)
    faults.dropSockets()
    expect(listener).toHaveBeenCalledOnce()
  })
})
