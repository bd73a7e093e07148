import type { EventPatch } from '@tidemark/calendar'
import { days } from '@tidemark/core'
import Svelte from '../grid/Month.svelte'
import Vue from '../grid/Month.vue'
import type { Stage } from '../scenario/stage.ts'

/** The month around the present, in a grid. */
export const month = {
  twins: { svelte: Svelte, vue: Vue },
  props: ({ calendar, clock }: Stage) => ({
    events$: calendar.events$({ from: clock.now() - days(45), to: clock.now() + days(45) }),
    onmove: (id: string, change: EventPatch) => void calendar.updateEvent(id, change),
  }),
}
