interface Token {
  readonly name: string
  readonly value: string
}

/** The tokens of the sheet by group, as its comments head them. */
export function readTokens(sheet: string): Map<string, Token[]> {
  const root = /:root \{([\s\S]*?)\n\}/u.exec(sheet)?.[1] ?? ''
  const groups = new Map<string, Token[]>()
  let group: Token[] = []
  for (const [, head, name, value] of root.matchAll(/\n {2}\/\* (\w+) \*\/|(--tm-[\w-]+):\s*([^;]+);/gu)) {
    if (head !== undefined) groups.set(head, (group = []))
    else if (name !== undefined) group.push({ name, value: value?.trim() ?? '' })
  }
  return groups
}

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
