import { days } from '@tidemark/core'
import type { Stage } from '../scenario/stage.ts'
import Svelte from '../svelte/Chips.svelte'
import Vue from '../vue/Chips.vue'

/** The events of the days around, each as its chip. */
export const chips = {
  twins: { svelte: Svelte, vue: Vue },
  props: ({ calendar, clock }: Stage) => ({
    events$: calendar.events$({ from: clock.now() - days(30), to: clock.now() + days(30) }),
  }),
}
