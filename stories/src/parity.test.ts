import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { format } from 'prettier'
import { expect, test } from 'vitest'
import { parityPage, storiesOf } from './parity.ts'

const here = path.join(import.meta.dirname, 'stories')
const stories = readdirSync(here)
  .filter((name) => name.endsWith('.stories.ts'))
  .sort()
  .map((name) => storiesOf(readFileSync(path.join(here, name), 'utf8')))

test('every story has a picture in light and in dark, unless it says that it has none, and every picture has a story', () => {
  const pictures = readdirSync(path.join(here, '..', '..', 'pictures')).sort()
  const wanted = stories.flatMap(({ all }) => all).filter(({ pictured }) => pictured)
  expect(pictures).toEqual(wanted.flatMap(({ id }) => [`${id}-dark.png`, `${id}-light.png`]).sort())
})

test('docs/guide/parity.md tells of every story (`-u` writes it)', async () => {
  const page = await format(parityPage(stories), { parser: 'markdown' })
  await expect(page).toMatchFileSnapshot('../../docs/guide/parity.md')
})
