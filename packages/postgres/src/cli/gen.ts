import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readTables } from '../gen/catalog.js'
import { merge } from '../gen/merge.js'
import type { Command } from './command.js'
import { mustUrl, withDatabase } from './database.js'

const usual = 'src/schema.ts'

/** `tidemark gen`: writes declarations from a database into a file, and keeps what people wrote there. */
export const gen: Command = {
  options: { url: { type: 'string' }, out: { type: 'string' }, tables: { type: 'string' } },
  async run({ url, out: given, tables: names }, { note, directory, environment }) {
    const file = path.resolve(directory, given ?? usual)
    const tables = await withDatabase(mustUrl(url, environment), (client) =>
      readTables(client, names?.split(',')),
    )
    const before = await readIfThere(file)
    const { text, added, gone } = merge(before?.replaceAll('\r\n', '\n'), tables, file)
    if (text !== before) await writeFile(file, text)
    note(text === before ? `${file} is as the database is.\n` : `${file} is written.\n`)
    if (before !== undefined && added.length > 0) note(`New: ${added.join(', ')}. Add them to the schema.\n`)
    if (gone.length > 0 && names === undefined) note(`Not in the database any more: ${gone.join(', ')}.\n`)
    return 0
  },
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  })
}
