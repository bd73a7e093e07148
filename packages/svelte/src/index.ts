export { live, type Live } from './live.svelte.js'
export { count, outbox, row, rows, status, type Emitted, type LiveOutbox } from './tables.js'
export { toStore } from './toStore.js'
export { write, type LiveWrite } from './write.svelte.js'
