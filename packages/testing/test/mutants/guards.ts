/** A guard of the engine, and what the source is without it. */
export interface Guard {
  /** What it keeps. */
  readonly law: string
  /** In `packages/core/src`. */
  readonly file: string
  readonly find: string
  readonly replace: string
}

export const guards: readonly Guard[] = [
  {
    law: 'R2: a write that could not be stored is taken back',
    file: 'store/store.ts',
    find: 'this.#listeners.tell(this.overlay.remove(mutations.map(({ id }) => id)), true)',
    replace: '',
  },
  {
    law: 'R2: a write is on the disk when its promise resolves',
    file: 'store/store.ts',
    find: "transact(db, [system.outbox], 'strict'",
    replace: "transact(db, [system.outbox], 'relaxed'",
  },
  {
    law: 'R3: what is pending stays on top of what the server says',
    file: 'store/overlay.ts',
    find: 'entry.base = row\n      return this.#refresh(entry)',
    replace: 'entry.base = row\n      return { table, id, row }',
  },
  {
    law: 'R4: the cookie moves with the last page',
    file: 'sync/exact/pull.ts',
    find: 'if (!last) return { ...this.#position, stored }',
    replace: '',
  },
  {
    law: 'R4: the cookie is the whole snapshot, with what was running',
    file: 'sync/exact/plan.ts',
    find: '    cookie,\n    epoch,',
    replace: "    cookie: cookie && cookie.replace(/[^:]*$/, ''),\n    epoch,",
  },
  {
    law: 'R5: what is sent is on the disk before, with its numbers',
    file: 'sync/exact/flight.ts',
    find: '    strict: true,\n',
    replace: '',
  },
  {
    law: 'R5: what is sent again says the same under the same numbers',
    file: 'sync/exact/push.ts',
    find: 'if (flight) await this.#send(flight)',
    replace: 'if (flight) await this.#send({ ...flight, first: flight.first + 1 })',
  },
  {
    law: 'R5: a client whom the server does not know begins anew',
    file: 'sync/exact/push.ts',
    find: 'if (answer.gap !== undefined) return this.#newClient(flight)',
    replace:
      'if (answer.gap !== undefined) return this.#store(flight, { meta: { [names.flight]: undefined } })',
  },
  {
    law: 'R5: what depends on a refused write waits with it',
    file: 'sync/park.ts',
    find: 'const waiting = [...group, ...rest]',
    replace: 'const waiting: Mutation[] = []',
  },
  {
    law: 'R5: an applied write is not sent again while it waits for its row',
    file: 'sync/exact/push.ts',
    find: 'ids.length === 0 ? known : [...known, { epoch: answer.epoch, xid: answer.xid, ids }]',
    replace: 'known',
  },
  {
    law: 'R6: what was deleted on the server goes',
    file: 'sync/exact/pull.ts',
    find: '...(page.gone ?? [])',
    replace: '',
  },
  {
    law: 'R6: what may not be seen any more goes',
    file: 'sync/exact/pull.ts',
    find: 'if (last) rows.push(...(await this.#unseen()))',
    replace: '',
  },
  {
    law: 'R6: what a comparison finds is mended',
    file: 'sync/exact/exact.ts',
    find: 'if (!compare && !this.#doubts(position, end, thorough)) return',
    replace: 'return',
  },
  {
    law: 'R6: a spoilt row is known by its sum',
    file: 'sync/exact/mark.ts',
    find: 'return sum === sumOf(row) ? hash : undefined',
    replace: 'return hash',
  },
  {
    law: 'R6: another history is compared',
    file: 'sync/exact/pull.ts',
    find: "if (answer.reset) return 'reset'",
    replace: '',
  },
  {
    law: 'R7: every user has a database of their own',
    file: 'store/name.ts',
    find: '`${project}\\n${userId}`',
    replace: 'project',
  },
  {
    law: 'R9: an answer that another leader had as well is stored once',
    file: 'sync/exact/push.ts',
    find: '{ ...commit, when: [names.flight, flight] }',
    replace: 'commit',
  },
  {
    law: 'R10: a handle that died is opened again',
    file: 'store/database.ts',
    find: 'if (!again || this.#closed || !isDeadHandle(error)) throw toStorageError(error)',
    replace: 'throw toStorageError(error)',
  },
  {
    law: 'a conflict function decides on the row that the server has',
    file: 'sync/exact/flight.ts',
    find: "...(op === 'update' && typeof table.conflict === 'function' && seq !== undefined && { seq }),",
    replace: '',
  },
]
