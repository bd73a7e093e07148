/** What the server's own package brings, with the types that it is written with. */
declare module '*/pg/esm/index.mjs' {
  const pg: typeof import('../../dev-server/node_modules/@types/pg/index.js')
  export default pg
}
declare module '*/ws/wrapper.mjs' {
  export const WebSocket: typeof import('../../dev-server/node_modules/@types/ws/index.js').WebSocket
  export type WebSocket = import('../../dev-server/node_modules/@types/ws/index.js').WebSocket
}
