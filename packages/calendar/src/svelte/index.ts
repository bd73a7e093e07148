export { calendarUi, type CalendarUi, type CalendarUiOptions } from '../parts/locale.js'
export { getCalendarUi, setCalendarUi } from './calendarUi.js'
export { default as EventChip } from './EventChip.svelte'
export { default as Icon } from './Icon.svelte'
