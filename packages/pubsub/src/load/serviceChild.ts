import { readConfiguration } from '../configuration.js'
import { startPubsub } from '../service.js'
import { reportToParent } from './reportTo.js'

const { port } = await startPubsub(readConfiguration(process.env))
reportToParent(port, () => undefined) // It tells what Postgres notifies, and nothing else.
