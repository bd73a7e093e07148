import { isColumns } from './json.js'

/** The version of a document, by its column `version`; `undefined` where it has none. */
export function versionOf(document: unknown): number | undefined {
  const version = isColumns(document) ? document.version : undefined
  return typeof version === 'number' ? version : undefined
}

/** Whether a document is older than what is known. Without both versions nobody knows. */
export function isOlder(document: unknown, known: unknown): boolean {
  const [version, other] = [versionOf(document), versionOf(known)]
  return version !== undefined && other !== undefined && version < other
}
