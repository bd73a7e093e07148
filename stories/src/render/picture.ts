/** As preview.css names them; those that a story is written in must be there before its first picture. */
const letters = "1rem 'Story Letters', 'Noto Sans Arabic Variable', 'Noto Sans JP Variable'"

/** What is compared with a story's pictures: its dialog that was opened last, or all of it. */
const subject = (canvas: HTMLElement): Element | null =>
  [...canvas.querySelectorAll('dialog[open]')].at(-1) ?? canvas.querySelector('.story')

/**
 * Compares what a story shows with its pictures, in light and in dark. Both frameworks are held to the same pictures. Only where
 * tests run: in the Storybook itself there is nobody to take a picture.
 *
 * @param name the story's id
 * @throws when it looks different
 */
export async function comparePictures(name: string, canvas: HTMLElement): Promise<void> {
  if (!('__vitest_browser__' in globalThis)) return
  const { expect } = await import('vitest')
  const { page } = await import('vitest/browser')
  const host = canvas.querySelector<HTMLElement>('.story')
  const shown = subject(canvas)
  if (!host || !shown) throw new Error(`The story '${name}' shows nothing.`)
  const { theme = 'light' } = host.dataset
  host.classList.add('story--pictured')
  await document.fonts.load(letters, host.innerText)
  const { innerWidth: width, innerHeight: height } = window
  // Whole, also what is higher than a window.
  await page.viewport(width, Math.max(height, Math.ceil(shown.scrollHeight)))
  for (const next of ['light', 'dark']) {
    host.dataset.theme = next
    await expect(page.elementLocator(shown)).toMatchScreenshot(`${name}--${next}`)
  }
  await page.viewport(width, height)
  host.dataset.theme = theme
  host.classList.remove('story--pictured')
}
