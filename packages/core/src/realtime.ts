export { isEvent, readEvent, type FeedEvent } from './feeds/event.js'
export type { FeedTable } from './feeds/rowEvent.js'
export { supabaseFeed, type SupabaseFeedOptions } from './feeds/supabaseFeed.js'
