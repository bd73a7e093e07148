import type { DevServer } from '@tidemark/dev-server'
import type { TestDatabase } from '../database.js'
import type { Device } from './device.js'

/** Counts the notes that devices make, whatever becomes of them, in the transaction that makes them. */
export const tally = `
create table public.tally (n bigint not null);
insert into public.tally values (0);
create function public.tally() returns trigger language plpgsql security definer as
  $$ begin update public.tally set n = n + 1; return new; end $$;
create trigger tally after insert on public.notes for each row when (new.title like 'own %')
  execute function public.tally();
`

/** How many notes devices have made. */
export async function tallied(database: TestDatabase): Promise<number> {
  const [row] = await database.sql('select n from public.tally')
  return Number(row.n)
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Ends connections that pull or push, again and again; `stop` resolves with how many there were. */
export function killConnections(server: DevServer): { stop(): Promise<number> } {
  let killed = 0
  let going = true
  const kill = async (): Promise<void> => {
    while (going) {
      const rows = await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity
        where query like '%tidemark_pu%' and pid <> pg_backend_pid()`)
      killed += rows.length
      await pause(100)
    }
  }
  const done = kill()
  return {
    stop: async () => {
      going = false
      await done
      return killed
    },
  }
}

/** Somebody uses a device; `stop` resolves with how many notes they have made when all of it is durable. */
export function liveOn(device: Device): { stop(): Promise<number> } {
  let made = 0
  let going = true
  const live = async (): Promise<void> => {
    const { notes } = device.tide.tables
    while (going) {
      made += 1
      await notes.insert({ title: `own ${made}`, n: 0, at: made, parent: null })
      // What is not sent yet would become part of its insert.
      const some = device.rows('notes').filter((row) => !row._pending)[made % 7]
      if (some && made % 3 === 0) await notes.update(some.id as string, { title: `mine ${made}` })
      if (some && made % 10 === 0) await notes.delete(some.id as string)
      await pause(30)
    }
  }
  const done = live()
  return {
    stop: async () => {
      going = false
      await done
      return made
    },
  }
}
