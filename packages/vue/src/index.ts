export { useCount, useOutbox, useRow, useRows, useStatus, type Emitted, type UsedOutbox } from './tables.js'
export { useStream } from './useStream.js'
export { useWrite, type UsedWrite } from './useWrite.js'
