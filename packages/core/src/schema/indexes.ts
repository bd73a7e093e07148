/** The columns of an index by its name: `'a'` → `['a']`, `'[a+b]'` → `['a', 'b']`. */
export const indexColumns = (name: string): string[] =>
  name.startsWith('[') && name.endsWith(']') ? name.slice(1, -1).split('+') : [name]
