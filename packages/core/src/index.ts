export { catalogue, GuardError, StorageError, TidemarkError, ValidationError } from './base/errors.js'
export type { ErrorCode, ErrorRecord, RowIssue } from './base/errors.js'
export { browserPorts } from './base/browserPorts.js'
export type { Ports, Stop, TabChannel } from './base/ports.js'
export { view } from './joinApi.js'
export type { JoinBuilder, JoinDefinition, ViewApi } from './joinApi.js'
export type { Outbox } from './outboxApi.js'
export type { Mutation, Parked } from './outbox/mutation.js'
export type { Condition, Direction, OrderBy, Query, Test, Where } from './query/query.js'
export { RemoteError } from './remote/errors.js'
export type {
  ChannelSink,
  ChannelState,
  ChannelTable,
  RemoteEvent,
  SelectRequest,
  SessionUser,
  Transport,
} from './remote/remote.js'
export type { Protocol, ProtocolContext, Remote, SyncMode, Thoroughness } from './remote/protocol.js'
export { defineSchema } from './schema/defineSchema.js'
export type { AnyTable, Schema, Tables } from './schema/defineSchema.js'
export { defineTable } from './schema/defineTable.js'
export type { TableConfig } from './schema/defineTable.js'
export { days } from './schema/days.js'
export type { Key } from './schema/key.js'
export type { Conflict, Guards, InsertOf, RowOf, Scope, Table, WindowOptions } from './schema/table.js'
export type { RowState } from './store/overlay.js'
export { Stream } from './streams/stream.js'
export type { SyncOptions } from './sync/engine.js'
export type { RealtimeState, Status, StatusFacts } from './sync/status.js'
export type { TableApi, TableWriter, Visible } from './tableApi.js'
export { createTidemark } from './tidemark.js'
export type { PendingChoice, TableApis, TableWriters, Tidemark, TidemarkOptions } from './tidemark.js'
