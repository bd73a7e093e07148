import { existsSync, globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** Each file of the graph with the files it imports, by value or by type. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>

/**
 * The relative imports between the TypeScript files of a folder, tests left out.
 * @returns paths from `folder`, with `/`
 */
export function importGraph(folder: string): ImportGraph {
  const files = globSync('**/*.ts', { cwd: folder }).filter((file) => !/\.(test|d)\.ts$/.test(file))
  return new Map(files.map((file) => [slashes(file), importsOf(folder, file)]))
}

function importsOf(folder: string, file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(folder, file), 'utf8'), true, true)
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.join(path.dirname(file), fileName.replace(/\.js$/, '.ts')))
    .filter((target) => existsSync(path.join(folder, target)))
    .map(slashes)
}

const slashes = (file: string) => file.replaceAll('\\', '/')

/** One way round for each cycle found by a walk in depth, its first file at both ends; empty when there is none. */
export function cyclesIn(graph: ImportGraph): string[][] {
  const cycles: string[][] = []
  const done = new Set<string>()
  const walk = (file: string, trail: readonly string[]) => {
    const start = trail.indexOf(file)
    if (start !== -1) cycles.push([...trail.slice(start), file])
    if (start !== -1 || done.has(file)) return
    for (const next of graph.get(file) ?? []) walk(next, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) walk(file, [])
  return cycles
}
