export {
  clientMessage,
  closeCodes,
  maxEntityIds,
  pubsubSubprotocol,
  serverMessage,
  tokenSubprotocolPrefix,
  type ClientMessage,
  type PubsubChange,
  type ServerMessage,
} from './feeds/pubsubProtocol.js'
export { pubsubFeed, type PubsubFeedOptions } from './feeds/pubsubFeed.js'
