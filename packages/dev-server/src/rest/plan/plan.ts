import type { Request } from '../../context.js'
import type { Catalog, DatabaseFunction, SchemaCatalog } from '../catalog/catalog.js'
import type { Statement } from '../compile/envelope.js'
import type { Query } from '../grammar/ast.js'
import type { Media } from '../request/media.js'
import type { Preferences } from '../request/preferences.js'

export type Action = 'read' | 'insert' | 'put' | 'update' | 'delete' | 'call'

/** What a request says, whatever it is about. */
export interface Asked {
  readonly request: Request
  readonly catalog: Catalog
  readonly schema: SchemaCatalog
  /** The name in the path. */
  readonly name: string
  readonly preferences: Preferences
  /** Only the head of the answer is wanted. */
  readonly isHead: boolean
}

/** What a request comes to. */
export interface Plan extends Asked {
  readonly action: Action
  readonly query: Query
  readonly media: Media
  readonly statement: Statement
  /** The function that is called. */
  readonly target?: DatabaseFunction
  /** Of a write: the table has a primary key, or the request names the columns a conflict is found by. */
  readonly canConflict?: boolean
}
