import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { modal } from '../src/parts/modal.js'

afterEach(() => document.body.replaceChildren())

/** A page with an opener in a cell of a grid, and a dialog that the opener opens. */
function pageWithDialog() {
  document.body.innerHTML = `<main><button id="first">first</button><div id="cell"><button id="opener">opener</button></div>
    <dialog aria-label="Question"><button>inside</button></dialog></main>`
  const opener = document.querySelector<HTMLElement>('#opener')
  const dialog = document.querySelector('dialog')
  if (!opener || !dialog) throw new Error('the page is incomplete')
  opener.focus()
  return { opener, dialog, opened: modal(dialog) }
}

test('the focus goes into the dialog, and back to what opened it', async () => {
  const { opened } = pageWithDialog()
  await expect.element(page.getByRole('button', { name: 'inside' })).toHaveFocus()
  opened.destroy()
  await expect.element(page.getByRole('button', { name: 'opener' })).toHaveFocus()
})

test('when what opened it is gone, the focus is in the nearest place around it', () => {
  const { opener, opened } = pageWithDialog()
  opener.remove()
  opened.destroy()
  expect(document.activeElement?.id).toBe('cell')
})

test('Escape tells that it closed; an app that closes it is told nothing', async () => {
  const closed = vi.fn()
  const { dialog, opened } = pageWithDialog()
  dialog.addEventListener('close', closed)
  await userEvent.keyboard('{Escape}')
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce())
  opened.destroy()
  const again = modal(dialog)
  again.destroy()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(closed).toHaveBeenCalledOnce()
})
