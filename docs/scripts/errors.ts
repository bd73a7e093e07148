/** `node scripts/errors.ts` writes the page of the error codes from the core's catalogue. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogue, type ErrorCode } from '../../packages/core/src/base/errors.ts'
import { errorNotes } from './errorNotes.ts'

/** The page, as a path. */
export const errorsFile = fileURLToPath(new URL('../guide/errors.md', import.meta.url))

const introduction = `---
outline: [2, 2]
---

<!-- Made by docs/scripts/errors.ts from packages/core/src/base/errors.ts: change those. -->

# Errors

Every error of the core is a \`TidemarkError\` with a \`code\` that never changes its meaning, a sentence \`why\` and a sentence
\`fix\`, and, where it is about a row, its \`table\` and \`key\`. Go by the code, not by the text.

An error reaches an app in one of four ways:

- a call throws it, or its promise rejects with it: a write that is not valid, a query that is wrong;
- \`tide.status$\` carries it, while the server answers badly or the storage fails;
- \`tide.outbox.parked$\` carries it, with the write that the server refused;
- the row that it is about carries it as \`_error\`, until the parked write is dealt with.

In a status, in the outbox and on a row it is plain data: \`code\`, \`message\` and, when a server answered, \`status\` (HTTP) and
\`serverCode\` (SQLSTATE or PostgREST's own).

| class             | what it is about                                                              |
| ----------------- | ----------------------------------------------------------------------------- |
| \`ValidationError\` | a row that does not fit its schema; \`issues\` says what is wrong, path by path |
| \`GuardError\`      | a write that a guard or the owner column does not allow                       |
| \`StorageError\`    | IndexedDB                                                                     |
| \`RemoteError\`     | a request; \`kind\` says what is done about it: retry, sign in, or park         |
| \`TidemarkError\`   | everything else, and the class of all the others                              |
`

/** The whole page. */
export function errorsPage(): string {
  const sections = Object.entries(catalogue).map(([code, [why, fix]]) =>
    [`## \`${code}\``, `**Why.** ${why}`, `**Fix.** ${fix}`, errorNotes[code as ErrorCode]].join('\n\n'),
  )
  return [introduction.trim(), ...sections].join('\n\n') + '\n'
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(errorsFile, errorsPage())
