import { existsSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { root } from './command.ts'
import type { Example } from './docExamples.ts'
import { packages } from './packages.ts'

/** Examples are compiled as if they stood here: where an app is that uses every package. */
const app = path.join(root, 'playground', '.examples')

/**
 * Type-checks examples against the sources of the packages, all at once.
 * @returns one line for each error: the place in the page, and what is wrong
 */
export function errorsIn(examples: readonly Example[]): string[] {
  const byFile = new Map(examples.map((example) => [fileOf(example), example]))
  const options = compilerOptions()
  const program = ts.createProgram([...byFile.keys()], options, hostOf(byFile, options))
  return [...byFile].flatMap(([file, example]) => {
    const source = program.getSourceFile(file)
    if (!source) return [`${example.page}:${example.line} was not compiled`]
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map((error) => described(error, example))
  })
}

const slashes = (file: string): string => file.replaceAll('\\', '/')

const fileOf = ({ file }: Example): string => slashes(path.join(app, file))

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), (file) => ts.sys.readFile(file))
  const { compilerOptions } = config as { compilerOptions: object }
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...compilerOptions,
      noEmit: true,
      declaration: false,
      declarationMap: false,
      types: ['node', 'svelte'],
    },
    root,
  )
  return { ...options, paths: sourcesOf() }
}

/** Where each entry point of each package is: an app may import any of them, whatever this repository's own do. */
function sourcesOf(): Record<string, string[]> {
  const entries = packages.flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports ?? {}).flatMap(([entry, target]) => {
      const source = (target as Record<string, string>)['@tidemark/source']
      return source === undefined
        ? []
        : [[path.posix.join(manifest.name, entry), [slashes(path.join(folder, source))]]]
    }),
  )
  return Object.fromEntries(entries) as Record<string, string[]>
}

function hostOf(byFile: ReadonlyMap<string, Example>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options)
  const folders = new Set([...byFile.keys()].map((file) => path.posix.dirname(file)))
  return {
    ...host,
    fileExists: (file) => byFile.has(slashes(file)) || existsSync(file),
    readFile: (file) => byFile.get(slashes(file))?.code ?? host.readFile(file),
    directoryExists: (folder) =>
      [...folders].some((own) => own.startsWith(slashes(folder))) || host.directoryExists?.(folder) === true,
    getSourceFile: (file, version) => {
      const example = byFile.get(slashes(file))
      return example ? ts.createSourceFile(file, example.code, version) : host.getSourceFile(file, version)
    },
  }
}

function described({ file, start = 0, messageText }: ts.Diagnostic, { page, line }: Example): string {
  const at = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + line + 1
  return `${page}:${at} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
}
