import type { Told } from './seed.ts'
import type { Stage } from './stage.ts'

/** The app shows these events, equal to the server's; then the network goes. */
export async function syncedThenOffline(
  { events, openSynced, offline }: Pick<Stage, 'events' | 'openSynced' | 'offline'>,
  told: readonly Told[],
): Promise<void> {
  events(told)
  await openSynced()
  offline()
}
