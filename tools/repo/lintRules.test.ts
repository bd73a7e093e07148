import { ESLint } from 'eslint'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from './command.ts'

const eslint = new ESLint({ cwd: root })

/** What the repository's own configuration reports for this text, were it in that file. */
async function reported(file: string, text: string): Promise<{ rules: (string | null)[]; messages: string }> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) })
  const messages = result?.messages ?? []
  return {
    rules: messages.map(({ ruleId }) => ruleId),
    messages: messages.map(({ message }) => message).join('\n'),
  }
}

const schemaFile = 'packages/core/src/schema/key.ts'
const storeFile = 'packages/core/src/store/rows.ts'
const vueFile = 'packages/vue/src/index.ts'

describe('floors', () => {
  test.each([
    ['a value', "export { Store } from '../store/store.js'"],
    ['a type', "import type { Store } from '../store/store.js'\nexport type S = Store"],
    ['an inline type', "export type S = import('../store/store.js').Store"],
    ['a dynamic import', "export const load = () => import('../store/store.js')"],
    ['the top of src', "export { createTidemark } from '../tidemark.js'"],
  ])('%s of a higher floor is reported', async (_, text) => {
    const { rules, messages } = await reported(schemaFile, text)
    expect(rules).toContain('tidemark/floors')
    expect(messages).toContain("'schema' is a lower floor")
  })

  test('a lower floor and the own floor are free', async () => {
    const text = "export type { Key } from '../schema/key.js'\nexport * from './overlay.js'"
    expect((await reported(storeFile, text)).rules).not.toContain('tidemark/floors')
  })
})

describe('boundaries', () => {
  test.each([
    ['Supabase outside remote/supabase.ts', storeFile, '@supabase/supabase-js'],
    ['Dexie outside store/', schemaFile, 'dexie'],
    ['a framework in the core', schemaFile, 'vue'],
    ['Node in the core', schemaFile, 'node:fs'],
    ['Node in an adapter', vueFile, 'node:fs'],
    ['all of zod in the core', schemaFile, 'zod'],
    ['zod/mini in the core', schemaFile, 'zod/mini'],
    ['Dexie in an adapter', vueFile, 'dexie'],
    ['the inside of another package', vueFile, '@tidemark/core/src/tidemark.js'],
    ['a path into another package', vueFile, '../../core/src/index.js'],
  ])('%s is reported', async (_, file, source) => {
    const { rules } = await reported(file, `export * from '${source}'`)
    expect(rules).toContain('tidemark/boundaries')
  })

  test.each([
    ['Dexie in store/', storeFile, 'dexie'],
    ['zod/v4/core in the core', schemaFile, 'zod/v4/core'],
    ['the core in an adapter', vueFile, '@tidemark/core'],
    ['Supabase in remote/supabase.ts', 'packages/core/src/remote/supabase.ts', '@supabase/supabase-js'],
  ])('%s is free', async (_, file, source) => {
    const { rules } = await reported(file, `export * from '${source}'`)
    expect(rules).not.toContain('tidemark/boundaries')
  })
})

describe('house rules', () => {
  test('a function of 41 lines is reported', async () => {
    const lines = Array.from({ length: 40 }, (_, line) => `  n += ${line}`).join('\n')
    const text = `export function long(n: number): number {\n${lines}\n  return n\n}`
    expect((await reported(schemaFile, text)).rules).toContain('max-lines-per-function')
  })

  test('a file of 251 lines is reported', async () => {
    const text = Array.from({ length: 251 }, (_, line) => `export const line${line} = ${line}`).join('\n')
    expect((await reported(schemaFile, text)).rules).toContain('max-lines')
  })

  test('the console is not for libraries', async () => {
    expect((await reported(schemaFile, "console.log('here')")).rules).toContain('no-console')
  })

  test('a rule is not switched off without a reason', async () => {
    const { rules } = await reported(
      schemaFile,
      "// eslint-disable-next-line no-console\nconsole.log('here')",
    )
    expect(rules).toContain('tidemark/reasons')
  })

  test('`any` is reported in sources', async () => {
    const { rules } = await reported(schemaFile, 'export const x = (y: any): unknown => y')
    expect(rules).toContain('@typescript-eslint/no-explicit-any')
  })

  test('a skipped test is reported', async () => {
    const text = "import { test } from 'vitest'\ntest.skip('later', () => {})"
    const { rules } = await reported('packages/core/src/schema/defineTable.test.ts', text)
    expect(rules).toContain('no-restricted-properties')
  })
})
