/** Calls `check(node, source)` for every static, re-exporting, dynamic and type-only import of a file. */
export function visitImports(check) {
  const visit = (node) => {
    const source = node.source?.value ?? node.source?.literal?.value
    if (typeof source === 'string') check(node.source, source)
  }
  return {
    ImportDeclaration: visit,
    ExportNamedDeclaration: visit,
    ExportAllDeclaration: visit,
    ImportExpression: visit,
    TSImportType: visit,
  }
}

/** The file of a rule's context from the repository's root, with `/` on every system. */
export function repositoryPath(context) {
  const slashes = (path) => path.replaceAll('\\', '/')
  const file = slashes(context.filename)
  const root = slashes(context.settings.tidemark?.root ?? context.cwd)
  return file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file
}

/** The path a relative import points to, from the same root as `file`. */
export function targetOf(file, source) {
  const steps = file.split('/').slice(0, -1)
  for (const step of source.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.') steps.push(step)
  }
  return steps.join('/')
}
