let last = 0

/** An id for an element of one component, unlike all others on the page. */
export function partId(name: string): string {
  last += 1
  return `tm-${name}-${last}`
}
