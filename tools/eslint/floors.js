import { floors } from '../floors.js'
import { repositoryPath, targetOf, visitImports } from './imports.js'

const core = 'packages/core/src/'

/** Where a file of the core stands: a number, the highest for the files at the top; undefined on no floor at all. */
function floorOf(path) {
  if (!path.startsWith(core)) return undefined
  const [folder, ...rest] = path.slice(core.length).split('/')
  if (rest.length === 0) return floors.length
  const floor = floors.indexOf(folder)
  return floor === -1 ? undefined : floor
}

const nameOf = (floor) => floors[floor] ?? 'the top of src'

/** A file of the core imports only its own floor and lower ones (tools/floors.js). */
export const floorsRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unknown: "The folder of '{{path}}' is on no floor: add it to tools/floors.js.",
      higher: "'{{own}}' is a lower floor than '{{other}}': move what you need down, or pass it in.",
    },
  },
  create(context) {
    const file = repositoryPath(context)
    const own = floorOf(file)
    if (!file.startsWith(core)) return {}
    return {
      Program(node) {
        if (own === undefined) context.report({ node, messageId: 'unknown', data: { path: file } })
      },
      ...visitImports((node, source) => {
        if (!source.startsWith('.') || own === undefined) return
        const other = floorOf(targetOf(file, source))
        if (other === undefined || other <= own) return
        context.report({ node, messageId: 'higher', data: { own: nameOf(own), other: nameOf(other) } })
      }),
    }
  },
}
