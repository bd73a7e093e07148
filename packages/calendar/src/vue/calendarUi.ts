import {
  computed,
  inject,
  provide,
  toValue,
  type ComputedRef,
  type InjectionKey,
  type MaybeRefOrGetter,
} from 'vue'
import { calendarUi, type CalendarUi } from '../parts/locale.js'

const key: InjectionKey<ComputedRef<CalendarUi>> = Symbol('calendar ui')

/** Says where all components below this one stand. A ref or getter is followed. */
export function provideCalendarUi(ui: MaybeRefOrGetter<CalendarUi>): void {
  provide(
    key,
    computed(() => toValue(ui)),
  )
}

/** Where this component stands; the browser's own language, zone and clock when nothing was said. */
export const useCalendarUi = (): ComputedRef<CalendarUi> =>
  inject(key, () => computed(() => calendarUi()), true)
