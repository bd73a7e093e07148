import { expect, test } from 'vitest'
import { parseExact } from './exact.js'

test('numbers that JavaScript cannot hold come out with the digits they came with', () => {
  const text =
    '{"big":9007199254740993,"fine":5,"money":[12345678901234.567890123],"note":"9007199254740993"}'
  expect(JSON.stringify(parseExact(text))).toBe(text)
})

test('ordinary JSON is what JSON.parse makes of it', () => {
  const text = '{"a":[1,2.5,null,true,"x"],"at":"2026-01-02T03:04:05.123456+00:00"}'
  expect(parseExact(text)).toEqual(JSON.parse(text))
})
