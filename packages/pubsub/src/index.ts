export { readConfiguration, type Configuration } from './configuration.js'
export { PubsubError, type PubsubErrorCode } from './errors.js'
export { migrationSql } from './files.js'
export { startPubsub, type Pubsub, type PubsubOptions } from './service.js'
