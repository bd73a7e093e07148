/** For those who make a remote of their own, such as a simulated one. */
export { classify, parseRetryAfter, RemoteError, type RemoteErrorKind } from './remote/errors.js'
export { compileOrder } from './query/order.js'
export { compilePredicate } from './query/predicate.js'
export type * from './remote/exact.js'
export { getKey, keyId } from './schema/key.js'
export { syncProtocol } from './sync/protocol.js'
