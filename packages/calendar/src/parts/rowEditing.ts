import type { Stream } from '@tidemark/core'
import { focusIn, problemField } from './modal.js'

/** A list whose rows are changed in place, by fields that take the place of a row or stand below all of them. */
interface EditedList<Row> {
  readonly state$: Stream<{ readonly open: string | undefined }>
  edit(row: Row | undefined): void
  save(): Promise<boolean>
  cancel(): void
  remove(id: string): Promise<boolean>
}

/** What is done with the rows of a list; each resolves when the focus is where it belongs. */
export interface RowEditing<Row> {
  /** Opens the fields of a row, or of a new one, with the focus in the first of them. */
  readonly open: (row: Row | undefined) => Promise<void>
  /** The focus goes back to where the fields were opened from, or to what must be mended. */
  readonly save: () => Promise<void>
  readonly cancel: () => Promise<void>
  /** The focus goes to what adds a row, or stays when it cannot be deleted. */
  readonly remove: (row: { readonly id: string }) => Promise<void>
}

/**
 * Changes the rows of a list in place, and keeps the focus where the work is.
 *
 * @param section what the list is drawn in: what opens the fields of a row is marked there with `data-edit`
 * @param drawn resolves when the framework has drawn what has changed
 */
export function rowEditing<Row>(
  list: () => EditedList<Row>,
  section: () => HTMLElement | null | undefined,
  drawn: () => Promise<void>,
): RowEditing<Row> {
  const focus = async (selector: string): Promise<void> => {
    await drawn()
    focusIn(section(), selector)
  }
  const opener = (): string => `[data-edit="${list().state$.current?.open}"]`
  return {
    open: (row) => {
      list().edit(row)
      return focus('form :is(input, select)')
    },
    save: async () => {
      const back = opener()
      return focus((await list().save()) ? back : problemField)
    },
    cancel: () => {
      const back = opener()
      list().cancel()
      return focus(back)
    },
    remove: async ({ id }) => {
      if (await list().remove(id)) await focus('[data-edit="new"]')
    },
  }
}
