import type { ErrorCode } from '../../packages/core/src/base/errors.ts'

/** What the page of the errors says besides the catalogue, which is in every app's bundle and so has the fewest words. */
export const errorNotes: Readonly<Record<ErrorCode, string>> = {
  'schema-invalid': `\`defineTable\` and \`defineSchema\` throw it when the module is loaded: a key, an index, a generated column or an owner names a
column that is not in \`row\`, two tables have one name, or the version is not a positive integer. The message names the table and the column.`,
  'not-started': `A write, \`tide.write\`, \`tide.sync\`, \`tide.signOut\` or a call of the outbox came before \`start\` or after \`stop\`. Reads do
not throw it: a stream that is opened early shows \`undefined\` and fills when somebody signs in.`,
  'row-invalid': `A \`ValidationError\`: an insert, an update or the edit of a parked write does not fit the table's zod schema. Nothing was stored.
\`issues\` lists each path with its message.`,
  'row-missing': `An update or a delete of a row that is not on this device: it was deleted, it has not been pulled yet, or it lies outside of a
table's window. \`upsert\` inserts it when it is not there.`,
  'row-exists': `An insert of a key that a stream shows already, or that was written in the same group. Where neither is so, the server decides when
the insert reaches it.`,
  'key-changed': `An update changes a column of the primary key.`,
  'not-owner': `A \`GuardError\`: the table names an \`owner\` column, and the row's is not the signed-in user. Leave \`owner\` out of the declaration where
the row level policies alone decide.`,
  guarded: `A \`GuardError\`: a guard of the table answered a sentence. It is the error's message. Nothing was stored.`,
  'too-large': `An insert, an update, a group or the edit of a parked write would come to more than 256 kB (262,144 bytes of JSON in UTF-8), which is
what one request carries. It is refused when it is written, not later on the wire; nothing was stored. \`table\` and \`key\` name the first row of it.
Write a group of many rows in several, and keep files in Supabase Storage with their address in the row.`,
  'query-invalid': `\`rows$\`, \`count$\` and the streams of a view throw it at once: a column or an operator that is not there, a value that has no place in an
order, a limit that is no whole number. The message names the table, the column and what is known.`,
  'storage-failed': `A \`StorageError\`, and the status \`storage-failed\`. The handle was opened again once before. A write that rejects with it was taken
back from every stream. When the next piece of work succeeds, the status goes back by itself.`,
  'storage-missing': `A \`StorageError\` of \`start\`, and the status \`storage-failed\` with this code: there is no IndexedDB, or the browser forbids it, as in the
private windows of some, in a frame of another site, or where the user blocks the data of sites. Tidemark keeps nothing in memory instead: a write whose promise
resolves is on the disk.`,
  'storage-full': `A \`StorageError\`: the browser's quota is used up, and letting go of ranges that no tab shows was not enough: the message says how many
rows went. The write that met it was taken back. Nothing that is in the outbox was lost.`,
  'storage-blocked': `The status \`storage-blocked\`: this tab has a newer schema version, and another tab that has the old one open does not close
it. \`start\` goes on by itself when that tab is closed.`,
  'storage-superseded': `The status \`storage-failed\` with this code: a newer schema version has upgraded the database, or is about to, and this tab has
let go of it; a tab that opens the older version later meets the same. It changes nothing there. Writes of this tab reject until it is reloaded. What is in
the outbox stays.`,
  offline: `No answer came: no network, no server, or a proxy that closes the connection. Tried again with growing pauses, and as soon as the device says that it
is online. Nothing is lost meanwhile.`,
  'server-busy': `The server answered that it cannot now: 408, 425, 429, 5xx, or a SQLSTATE of a failure that passes (a deadlock, a
serialization failure, a time-out, no resources). Tried again after 1 s to 30 s with jitter; a \`Retry-After\` header is kept.`,
  'sign-in': `401, and the session could not be renewed; or nobody, or somebody else, is signed in at supabase-js. The status is \`needs-sign-in\`. Writes
are accepted and kept, and sent after this user has signed in again.`,
  refused: `The server's refusal that would come again: row level security (42501), a constraint (class 23), a value (class 22), an exception
of a trigger, or another 4xx. The write is parked: rolled back on the screen, kept in \`outbox.parked$\`. \`serverCode\` has the SQLSTATE.`,
  hidden: `An update or a delete met no row. PostgREST answers that with success and 0 rows; here it is a refusal, and the write is parked. A
delete of a row that is gone counts as done.`,
  'rows-invalid': `A row from the server does not fit the declaration. It is put in quarantine and counted in \`status$.quarantined\`; the pull goes on. When a
version that fits arrives, it leaves the quarantine. Correct the row on the server, or the declaration (and raise the schema's version, so that rows are fetched again).`,
  'pending-left': `\`signOut\` with \`pending: 'flush'\` could not empty the outbox within 30 s, or something is parked. Nothing was stopped. Ask the
user, then call it again with \`keep\` (sent at the next sign-in on this device) or \`discard\`.`,
  'parked-missing': `\`retry\`, \`edit\` or \`discard\` of an id that is not parked: dealt with already, perhaps in another tab.`,
}
