export { calendarUi, type CalendarUi, type CalendarUiOptions } from '../parts/locale.js'
export { provideCalendarUi, useCalendarUi } from './calendarUi.js'
export { default as EventChip } from './EventChip.vue'
export { default as Icon } from './Icon.vue'
