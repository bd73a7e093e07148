import type { CalendarApp } from '../domain/calendar.js'
import type { EventDto } from '../domain/eventDto.js'
import { announce } from './announcer.js'
import { whenText } from './eventText.js'
import { followFocus } from './followFocus.js'
import { changeBy, stepOf, type GridKind, type KeyStep } from './keySteps.js'
import type { CalendarUi } from './locale.js'

/** The chip that a key was pressed on, and where it stands. */
export interface MovableChip {
  readonly calendar: CalendarApp
  readonly event: EventDto
  readonly grid: GridKind
  readonly ui: CalendarUi
}

/**
 * Moves or resizes the event of a chip when its keys are pressed; leaves every other key alone. LiveAnnouncer tells when the event
 * is now, or why it could not be stored; the focus follows the chip to where it is drawn then. Resolves when that is durable.
 */
export async function moveByKeyboard(pressed: KeyboardEvent, chip: MovableChip): Promise<void> {
  const element = pressed.currentTarget
  if (!(element instanceof HTMLElement)) return
  const step = stepOf(pressed, chip.grid, getComputedStyle(element).direction === 'rtl' ? 'rtl' : 'ltr')
  if (!step) return
  // Browsers would go back and forth in their history.
  pressed.preventDefault()
  pressed.stopPropagation()
  await take(step, chip, element)
}

async function take(
  step: KeyStep,
  { calendar, event, ui }: MovableChip,
  element: HTMLElement,
): Promise<void> {
  const words = ui.messages.events.keys
  const change = changeBy(event, step, ui.timeZone)
  if (!change) return announce(calendar, words.impossible)
  followFocus(element, event.id, calendar)
  try {
    await calendar.updateEvent(event.id, change.patch)
    announce(calendar, words[step.what](whenText(change.times, ui)))
  } catch (error) {
    announce(calendar, error instanceof Error ? error.message : String(error))
  }
}

/** Whether the user may move an event: only its owner's changes are let through. */
export const mayMove = ({ tide }: CalendarApp, { owner_id }: EventDto): boolean => tide.userId === owner_id
