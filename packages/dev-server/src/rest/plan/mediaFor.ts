import { handlersFor } from '../catalog/handlers.js'
import type { TableName } from '../catalog/relationship.js'
import { type Media, negotiate } from '../request/media.js'
import type { ReadNode } from '../resolve/node.js'
import type { Asked } from './plan.js'

/**
 * How the rows of an answer are to be written.
 * @param target the table or the function that gives the rows
 * @throws RestError PGRST107
 */
export function mediaFor({ request, catalog }: Asked, target: TableName, node: ReadNode): Media {
  return negotiate(request.headers.accept, {
    allowsPlans: catalog.settings.allowsPlans,
    own: handlersFor(catalog.handlers, target, isWhole(node)),
  })
}

/** All columns were asked for by a star or by nothing at all: PostgREST does not look whether a list of names is as good. */
function isWhole({ columns, embeds }: ReadNode): boolean {
  return embeds.length === 0 && columns.length < 2 && columns.every(({ kind }) => kind === 'all')
}
