const { error } = console
let said: string[] = []

/** Keeps what is said to the console as an error from now on. */
export function watchConsole(): void {
  said = []
  console.error = (...parts: unknown[]) => {
    said.push(parts.map(String).join(' '))
    error.apply(console, parts)
  }
}

/** @throws Error when something was said there */
export function checkConsole(): void {
  console.error = error
  if (said.length > 0) throw new Error(`The story wrote errors to the console:\n${said.join('\n')}`)
}
