export { feedState, follow } from './invalidationViews.svelte.js'
