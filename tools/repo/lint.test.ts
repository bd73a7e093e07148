import { expect, test } from 'vitest'
import { tool } from './command.ts'

test('every file keeps the lint rules', async () => {
  const { status, text } = await tool('eslint/bin/eslint.js', ['.', '--max-warnings=0'])
  expect(status, text).toBe(0)
})

test('every file is formatted', async () => {
  const { status, text } = await tool('prettier/bin/prettier.cjs', ['--check', '.'])
  expect(status, text).toBe(0)
})
