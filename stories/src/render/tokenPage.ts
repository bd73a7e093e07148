interface Token {
  readonly name: string
  readonly value: string
}

/** The tokens of the sheet by group, as its comments head them; a colour is another one by night. */
export function readTokens(sheet: string): Map<string, Token[]> {
  const dark = new Map(
    Array.from(blockOf(sheet, "[data-theme='dark']").matchAll(declared), ([, , name, value]) => [
      name,
      value,
    ]),
  )
  const groups = new Map<string, Token[]>()
  let group: Token[] = []
  const own = blockOf(sheet, "[data-theme='light']") + blockOf(sheet, '\n:root')
  for (const [, head, name, value] of own.matchAll(declared)) {
    if (head !== undefined) groups.set(head, (group = []))
    else if (name !== undefined && value !== undefined)
      group.push({ name, value: dark.has(name) ? `${value} by day, ${dark.get(name)} by night` : value })
  }
  return groups
}

/** The head of a group, or a token and its value. */
const declared = /\n {2}\/\* (\w+) \*\/|(--tm-[\w-]+):\s*([^;]+);/gu

const blockOf = (sheet: string, selector: string): string =>
  sheet.split(`${selector} {`)[1]?.split('\n}')[0] ?? ''

/** A table of every group, each token with what it looks like now. */
export const tokenPage = (sheet: string): HTMLElement[] =>
  [...readTokens(sheet)].flatMap(([group, tokens]) => [
    make('h2', group),
    make('ul', ...tokens.map((token) => tokenItem(group, token))),
  ])

function tokenItem(group: string, { name, value }: Token): HTMLElement {
  const sample = make('span')
  sample.className = 'story-token'
  if (group === 'Colour') sample.style.background = `var(${name})`
  if (group === 'Space') sample.style.inlineSize = `min(var(${name}), 100%)`
  const item = make('li', sample, make('code', name), ` ${value}`)
  item.className = 'story-token__row'
  return item
}

function make(tag: string, ...children: (string | Node)[]): HTMLElement {
  const element = document.createElement(tag)
  element.append(...children)
  return element
}
