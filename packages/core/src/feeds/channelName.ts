/** What a view listens to: all of a scope, one document, or the lists of one type. */
export type FeedChannel =
  | { readonly kind: 'factory'; readonly factoryId: string }
  | { readonly kind: 'doc'; readonly type: string; readonly id: string; readonly factoryId: string }
  | { readonly kind: 'list'; readonly type: string; readonly factoryId: string }

/** The name of a channel on the wire: `factory:<id>`, `doc:<type>:<id>`, `list:<type>:<factoryId>`. */
export function channelName(channel: FeedChannel): string {
  if (channel.kind === 'factory') return `factory:${channel.factoryId}`
  return `${channel.kind}:${channel.type}:${channel.kind === 'doc' ? channel.id : channel.factoryId}`
}
