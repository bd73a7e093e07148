import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { createApp, h, withDirectives } from 'vue'
import { modal } from '../src/parts/modal.js'
import { vModal } from '../src/vue/directives.js'

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

/** A dialog of Vue's, mounted in an element that is not in the document yet. */
function mountOutside() {
  const outside = document.createElement('div')
  const app = createApp({ render: () => withDirectives(h('dialog', [h('button', 'inside')]), [[vModal]]) })
  const failed = vi.fn()
  app.config.errorHandler = failed
  app.mount(outside)
  return { outside, app, failed }
}

test('mounted outside the document by Vue, it opens when it comes into it', async () => {
  const { opener, opened } = pageWithDialog()
  opened.destroy()
  const { outside, app, failed } = mountOutside()
  expect(failed).not.toHaveBeenCalled()
  document.body.append(outside)
  await vi.waitFor(() => expect(outside.querySelector('dialog:modal')).not.toBeNull())
  await expect.element(page.getByRole('button', { name: 'inside' })).toHaveFocus()
  app.unmount()
  expect(document.activeElement).toBe(opener)
})

test('unmounted before it came into the document, it stays shut and leaves the focus alone', async () => {
  const { opener, opened } = pageWithDialog()
  opened.destroy()
  const { outside, app, failed } = mountOutside()
  const dialog = outside.querySelector('dialog')
  app.unmount()
  if (dialog) document.body.append(dialog)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(dialog?.open).toBe(false)
  expect(failed).not.toHaveBeenCalled()
  expect(document.activeElement).toBe(opener)
})
