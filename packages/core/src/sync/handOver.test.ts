import { BehaviorSubject } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualTimers } from '../../test/virtualTimers.js'
import { browserPorts } from '../base/browserPorts.js'
import { HandOver, type HandOverWord } from './handOver.js'

/** Tabs that hear each other; the first leads. */
function makeTabs(visible: readonly boolean[]) {
  const timers = new VirtualTimers()
  const log: string[] = []
  let leader = 0
  const tabs: { hand: HandOver; visible$: BehaviorSubject<boolean> }[] = []
  visible.forEach((seen, index) => {
    const visible$ = new BehaviorSubject(seen)
    const hand = new HandOver({
      ports: { ...browserPorts, timer: timers.timer, visible$ },
      say: (word: HandOverWord) => {
        log.push(`${index} ${word}`)
        tabs.forEach((tab, other) => other !== index && tab.hand.hear(word))
      },
      giveWay: () => leader === index && log.push(`${index} gives way`),
    })
    tabs.push({ hand, visible$ })
  })
  const lead = (index: number): void => {
    leader = index
    tabs[index]?.hand.began()
  }
  return { tabs, timers, lead, said: () => log.splice(0) }
}

test('a leader that has been hidden for 30 s gives way to a tab that is seen', () => {
  const { tabs, timers, said } = makeTabs([true, true])
  expect(said()).toEqual(['0 seen', '1 seen'])
  tabs[0]?.visible$.next(false)
  timers.pass(29_999)
  expect(said()).toEqual([])
  timers.pass(1)
  expect(said()).toEqual(['0 hidden', '1 seen', '0 gives way'])
})

test('as long as no tab is seen it goes on, until one comes to the front', () => {
  const { tabs, timers, said } = makeTabs([false, false])
  timers.pass(600_000)
  expect(said()).toEqual(['0 hidden', '1 hidden'])
  tabs[1]?.visible$.next(true)
  expect(said()).toEqual(['1 seen', '0 gives way'])
})

test('a leader that is seen, or was hidden for a moment, stays', () => {
  const { tabs, timers, said } = makeTabs([true, true])
  tabs[0]?.visible$.next(false)
  tabs[1]?.visible$.next(false)
  timers.pass(20_000)
  tabs[0]?.visible$.next(true)
  tabs[1]?.visible$.next(true)
  timers.pass(600_000)
  expect(said()).toEqual(['0 seen', '1 seen', '0 seen', '1 seen'])
})

test('a hidden tab that comes to lead passes the lead on', () => {
  const { timers, lead, said } = makeTabs([true, false])
  timers.pass(40_000)
  said()
  lead(1)
  expect(said()).toEqual(['1 hidden', '0 seen', '1 gives way'])
})

test('what was stopped waits for nothing', () => {
  const { tabs, timers } = makeTabs([false, true])
  for (const { hand } of tabs) hand.stop()
  expect(timers.waiting).toBe(0)
  tabs[1]?.visible$.next(false)
  expect(timers.waiting).toBe(0)
})
