import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright'

/** What axe finds on a page, a line for each rule with the first three places. `choose` says where and by which rules. */
export async function accessibility(
  page: Page,
  choose: (axe: AxeBuilder) => AxeBuilder,
): Promise<readonly string[]> {
  // A month has hundreds of chips: what is in order need not be described.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] })
  const { violations } = await choose(axe).analyze()
  return violations.map(({ id, nodes }) => {
    const places = nodes.map(({ html }) => html).slice(0, 3)
    return `${id}: ${places.join(' | ')}`
  })
}
