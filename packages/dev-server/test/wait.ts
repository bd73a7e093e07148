/** Waits until a check holds; throws after 8 s. */
export async function until(what: string, check: () => boolean): Promise<void> {
  const end = performance.now() + 8_000
  while (!check()) {
    if (performance.now() > end) throw new Error(`It did not come to pass: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Long enough for everything that is going to be delivered. */
export const quiet = () => new Promise((resolve) => setTimeout(resolve, 150))
