import fc from 'fast-check'

/** Texts that would be SQL if they were not kept apart from it. */
const attacks = [
  '"; drop table canary; --',
  "' or 1=1 --",
  "'); delete from canary; --",
  '$1',
  '$$zq$$',
  '"',
  '""',
  "'",
  '\\',
  '\\"',
  '/*',
  '*/',
  '--',
  ';',
  '\0',
  'zq"zq',
  "E'\\x41'",
  'union select zq',
  'pg_sleep(9)',
  '::zq',
  '\u2028',
  'ж',
  '💥',
  '%00',
  'a\nb',
]

const known = ['films', 'id', 'title', 'data', 'actors', 'film_id', 'roles']

/** Any text, most often one that means something somewhere. */
export const text: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...known) },
  { weight: 3, arbitrary: fc.constantFrom(...attacks) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom(...'abor.(),:->"\\{}*!=1 '), maxLength: 12 }) },
)

/** What is right more often than not: a request that is refused early shows nothing about what comes later. */
export const mostly = <Value>(right: fc.Arbitrary<Value>, wrong: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: wrong })

const perhaps = (one: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), one)
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((strings) => strings.join(''))

/** Some, with a comma between them. */
export const list = (one: fc.Arbitrary<string>, minLength = 1) =>
  fc.array(one, { minLength, maxLength: 3 }).map((items) => items.join(','))

const quoted = text.map((name) => `"${name.replace(/[\\"]/g, '\\$&')}"`)
const relation = mostly(fc.constantFrom('films', 'actors', 'roles'), quoted)
const name = mostly(fc.oneof(fc.constantFrom(...known), quoted), text)
const key = mostly(fc.oneof(quoted, fc.integer().map(String)), text)
const arrow = fc.constantFrom('->', '->>')
const field = joined(name, perhaps(joined(arrow, key, perhaps(joined(arrow, key)))))

const operators =
  'eq gte gt lte lt like ilike match imatch neq isdistinct cs cd ov sl sr nxr nxl adj fts plfts phfts wfts'.split(
    ' ',
  )
const modifier = mostly(
  fc.constantFrom('', '', '', '(any)', '(all)'),
  text.map((word) => `(${word})`),
)
const operator = joined(fc.constantFrom('', 'not.'), mostly(fc.constantFrom(...operators), text), modifier)
const value = fc.oneof(
  text,
  quoted,
  list(quoted).map((items) => `{${items}}`),
  fc.constantFrom('5', ''),
)
const membership = list(fc.oneof(quoted, text), 0).map((items) => `in.(${items})`)
const state = mostly(fc.constantFrom('null', 'not_null', 'TRUE', 'unknown'), text).map((word) => `is.${word}`)
const comparison = fc.oneof(
  { weight: 3, arbitrary: joined(operator, fc.constant('.'), value) },
  membership,
  state,
)

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2 },
    joined(field, fc.constant('.'), comparison),
    joined(fc.constantFrom('and(', 'or(', 'not.and('), list(tie('condition')), fc.constant(')')),
  ),
}))

const cast = perhaps(
  mostly(
    fc.constantFrom('::text', '::int', '::zq zq'),
    text.map((type) => `::${type}`),
  ),
)
const aggregate = perhaps(mostly(fc.constantFrom('.sum()', '.count()', '.max()'), fc.constant('.zq()')))
const alias = perhaps(name.map((word) => `${word}:`))
const hint = perhaps(
  mostly(
    fc.constantFrom('!inner', '!left', '!film_id'),
    name.map((word) => `!${word}`),
  ),
)
const { item } = fc.letrec<{ item: string }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('*', 'count()', 'id'),
    joined(alias, field, cast, aggregate, cast),
    joined(
      fc.oneof(alias, fc.constant('...')),
      relation,
      hint,
      fc.constant('('),
      list(tie('item')),
      fc.constant(')'),
    ),
  ),
}))

const orderTerm = joined(
  fc.oneof(field, joined(relation, fc.constant('('), field, fc.constant(')'))),
  mostly(fc.constantFrom('', '.asc', '.desc'), fc.constant('.zq')),
  fc.constantFrom('', '.nullsfirst', '.nullslast'),
)

/** At the top, or within an embedded resource. */
const at = (word: fc.Arbitrary<string>) => mostly(word, joined(relation, fc.constant('.'), word))
const group = list(condition).map((of) => `(${of})`)
const count = mostly(fc.nat({ max: 5000 }).map(String), text)

/** A parameter of a query string, by name and value. */
export const parameter: fc.Arbitrary<readonly [string, string]> = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(at(field), comparison) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('select'), list(item)) },
  fc.tuple(at(fc.constantFrom('or', 'and', 'not.or')), group),
  fc.tuple(at(fc.constant('order')), list(orderTerm)),
  fc.tuple(at(fc.constantFrom('limit', 'offset')), count),
  fc.tuple(fc.constantFrom('columns', 'on_conflict'), list(fc.constantFrom('id', 'title'))),
  fc.tuple(quoted, comparison),
)
