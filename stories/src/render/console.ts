const { error } = console
let said: string[] = []

/** What a browser says when an observer has more to do in the next frame. */
const harmless = /ResizeObserver loop/

/** Keeps what is said to the console as an error from now on. */
export function watchConsole(): void {
  said = []
  console.error = (...parts: unknown[]) => {
    const text = parts.map(String).join(' ')
    if (!harmless.test(text)) said.push(text)
    error.apply(console, parts)
  }
}

/** @throws Error when something was said there */
export function checkConsole(): void {
  console.error = error
  if (said.length > 0) throw new Error(`The story wrote errors to the console:\n${said.join('\n')}`)
}
