import { expect, test } from 'vitest'
import { operators, parseFilters } from './filters.js'

const one = (text: string) => parseFilters(text)[0]

test('a filter has a column, an operator and a value', () => {
  expect(parseFilters('size=gt.10')).toEqual([{ column: 'size', negated: false, op: 'gt', value: '10' }])
  expect(one('body=eq.a=b.c')).toMatchObject({ column: 'body', op: 'eq', value: 'a=b.c' })
  expect(one('body=eq.')).toMatchObject({ op: 'eq', value: '' })
})

test('all operators are known, and not. turns them round', () => {
  for (const op of Object.keys(operators)) {
    const value = { in: '(1)', is: 'null' }[op] ?? '1'
    expect(one(`a=${op}.${value}`)).toMatchObject({ op, negated: false })
    expect(one(`a=not.${op}.${value}`)).toMatchObject({ op, negated: true })
  }
})

test('commas mean and, but not in quotes or parentheses', () => {
  const filters = parseFilters('a=eq.1,b=in.(2,3),c=eq."x,y"')
  expect(filters.map(({ column, value }) => [column, value])).toEqual([
    ['a', '1'],
    ['b', ['2', '3']],
    ['c', 'x,y'],
  ])
})

test('quotes keep reserved characters, and a backslash what follows it', () => {
  expect(one('a=in.("x,y","(z)",w)')?.value).toEqual(['x,y', '(z)', 'w'])
  expect(one(String.raw`a=eq."say \"hi\" \\ "`)?.value).toBe(String.raw`say "hi" \ `)
  expect(one('a=in.()')?.value).toEqual([])
})

test.each([
  ['nonsense', /parsing/],
  ['', /parsing/],
  ['a=eq.1,', /parsing/],
  ['a=like', /parsing/],
  ['a=cs.{1}', /operator: cs/],
  ['a=constructor.1', /operator: constructor/],
  ['a=in.1,2', /list in parentheses/],
  ['a=is.maybe', /null, true, false or unknown/],
  [`a=in.(${Array.from({ length: 101 }, (_, at) => at).join(',')})`, /100 values/],
])('%s is refused with what is wrong', (text, message) => {
  expect(() => parseFilters(text)).toThrow(SyntaxError)
  expect(() => parseFilters(text)).toThrow(message)
})
