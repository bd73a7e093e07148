import type { Locator } from 'vitest/browser'

/** What a test uses of a rendered page, whatever framework has drawn it. */
export interface Screen {
  readonly container: Element
  getByTestId(id: string): Locator
  getByRole(role: 'button' | 'textbox' | 'listitem', options?: { readonly name: string }): Locator
  getByText(text: string, options: { readonly exact: boolean }): Locator
  unmount(): void | Promise<void>
}

/** The text of an element, as a reader sees it. */
export const textOf = (screen: Screen, id: string): string =>
  screen.getByTestId(id).element().textContent.replace(/\s+/g, ' ').trim()

export const press = (screen: Screen, name: string): Promise<void> =>
  screen.getByRole('button', { name }).click()
