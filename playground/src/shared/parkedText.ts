import type { Parked } from '@tidemark/core'

const verbs = { insert: 'New', update: 'Change of', delete: 'Deletion of' } as const

/** A parked mutation in one line. */
export function parkedText({ mutation, waiting }: Parked): string {
  const { title, name } = mutation.patch as { title?: unknown; name?: unknown }
  const what = [title, name].find((text) => typeof text === 'string') ?? mutation.table
  const others = waiting.length > 0 ? `, and ${waiting.length} that wait for it` : ''
  return `${verbs[mutation.op]} “${String(what)}” (${mutation.table})${others}`
}

/** The column of a parked mutation that the playground lets the user edit before it is sent again. */
export function editableText({ mutation }: Parked): { column: string; value: string } | undefined {
  const column = ['title', 'name'].find((name) => typeof mutation.patch[name] === 'string')
  return column === undefined ? undefined : { column, value: String(mutation.patch[column]) }
}
