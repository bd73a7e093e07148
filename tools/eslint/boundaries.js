import { boundaries } from '../boundaries.js'
import { repositoryPath, targetOf, visitImports } from './imports.js'

/** Which modules a file may import (tools/boundaries.js); and a package reaches another one by its name, never by a path. */
export const boundariesRule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      forbidden: "'{{source}}' may not be imported here. {{why}}",
      leaves: "'{{source}}' leaves the package. Import the other package by its name.",
    },
  },
  create(context) {
    const file = repositoryPath(context)
    const isIn = (paths = []) => paths.some((path) => file.startsWith(path))
    const here = boundaries.filter(({ within, except }) => isIn(within) && !isIn(except))
    const own = /^packages\/[^/]+\//.exec(file)?.[0]
    return visitImports((node, source) => {
      const broken = here.find(({ module }) => module.test(source))
      if (broken) context.report({ node, messageId: 'forbidden', data: { source, why: broken.why } })
      if (own && source.startsWith('.') && !targetOf(file, source).startsWith(own)) {
        context.report({ node, messageId: 'leaves', data: { source } })
      }
    })
  },
}
