import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import path from 'node:path'
import { createAuth } from './auth/createAuth.js'
import type { MovableClock } from './clock.js'
import type { Context, Service } from './context.js'
import type { Faults } from './faults.js'
import { createControl } from './http/control.js'
import { createGate } from './http/gate.js'
import { bodyLimit } from './http/readRequest.js'
import { createRouter } from './http/routes.js'
import type { CompleteOptions } from './options.js'
import type { Database, DatabaseOption } from './postgres/database.js'
import { createRealtime } from './realtime/createRealtime.js'
import { createRest } from './rest/createRest.js'
import { createStorage } from './storage/createStorage.js'
import { openFiles } from './storage/files.js'

/** What answers below `/rest/v1`, `/auth/v1`, `/storage/v1`, `/realtime/v1` and `/__dev`. */
export interface Services {
  readonly answer: Service
  /** Takes over a connection that asks to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Brings the database back to the migrated state; requests wait for it, and sockets stay. */
  reset(): Promise<void>
  close(): Promise<void>
}

/** How long a reset waits for the requests that are under way, in ms. */
const patience = 1_000

/** Starts the services on a database. */
export async function startServices(
  options: CompleteOptions,
  database: Database,
  controls: { readonly faults: Faults; readonly clock: MovableClock },
  context: Context,
): Promise<Services> {
  const { faults } = controls
  const [realtime, rest, files] = await startThose(options, faults, context)
  faults.onDropSockets(() => realtime.dropSockets())
  const gate = createGate()
  const restore = async () => {
    await Promise.all([database.restore(), files.clear()])
  }
  const reset = () => gate.closed(() => realtime.whilePaused(restore), patience)
  const services = createRouter([
    { prefix: '/rest/v1', service: rest },
    { prefix: '/auth/v1', service: createAuth(context, { jwtExpiry: options.jwtExpiry, ...options.auth }) },
    {
      prefix: '/storage/v1',
      service: createStorage(context, files, options.storage.fileSizeLimit ?? bodyLimit),
    },
    { prefix: '/realtime/v1/api', service: realtime.service },
  ])
  return {
    answer: createRouter([
      { prefix: '/__dev', service: createControl({ ...controls, reset }) },
      { prefix: '', service: gate.guard(services) },
    ]),
    upgrade: (...opening) => realtime.upgrade(...opening),
    reset,
    close: () => realtime.close().then(() => files.close()),
  }
}

/** Starts at once those that have something to wait for. */
async function startThose(options: CompleteOptions, faults: Faults, context: Context) {
  const starting = [
    createRealtime({ ...context, faults }, options.realtime),
    createRest(context, options.rest),
    openFiles(options.storage.directory ?? directoryBeside(options.database)),
  ] as const
  return Promise.all(starting).catch(async (error: unknown) => {
    const [realtime, , files] = starting
    await Promise.allSettled([realtime.then((one) => one.close()), files.then((one) => one.close())])
    throw error
  })
}

/** Files stay as long as the rows that speak of them. */
const directoryBeside = (database: DatabaseOption): string | undefined =>
  typeof database === 'object' && 'directory' in database
    ? path.resolve(database.directory, 'storage')
    : undefined
