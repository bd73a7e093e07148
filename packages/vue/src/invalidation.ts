export { useFeedState, useViews } from './invalidationViews.js'
