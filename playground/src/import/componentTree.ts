import ICAL from 'ical.js'
import { contentLines, type ContentLine } from './contentLines.js'
import { IcsError, onLine } from './icsError.js'

/** A parsed line: name, parameters, type, values. It is what `ICAL.Property` wraps. */
type JCalProperty = [string, Record<string, string | string[]>, string, ...unknown[]]

/** A component and the lines it came from. */
export interface IcsComponent {
  /** In lower case, such as `vevent`. */
  readonly name: string
  /** The line of its BEGIN, from 1. */
  readonly line: number
  readonly properties: readonly IcsProperty[]
  readonly children: readonly IcsComponent[]
}

export interface IcsProperty {
  readonly name: string
  readonly line: number
  readonly jCal: JCalProperty
}

interface Open extends IcsComponent {
  readonly properties: IcsProperty[]
  readonly children: IcsComponent[]
}

/** Deeper than any calendar nests, and far from the depth at which a reader of it would give up. */
const deepest = 20

/**
 * The calendars of a file, as trees that know their lines. `ical.js` reads the lines; the tree is built here, because it
 * does not say which line is broken, and takes an END that belongs to no BEGIN.
 *
 * @throws IcsError
 */
export function componentTree(text: string): IcsComponent[] {
  const root: Open = { name: '', line: 1, properties: [], children: [] }
  const open: Open[] = [root]
  for (const line of contentLines(text)) addLine(open, line)
  const unfinished = open.at(-1) ?? root
  if (unfinished !== root) {
    throw new IcsError(unfinished.line, `BEGIN:${unfinished.name.toUpperCase()} has no END.`)
  }
  if (root.children.length === 0) throw new IcsError(1, 'The file holds no calendar.')
  return root.children
}

function addLine(open: Open[], { text, line }: ContentLine): void {
  const [, word = '', name = ''] = /^(BEGIN|END):\s*(\S+)\s*$/i.exec(text) ?? []
  if (word.toUpperCase() === 'BEGIN') begin(open, name.toLowerCase(), line)
  else if (word.toUpperCase() === 'END') end(open, name.toLowerCase(), line)
  else addProperty(open, text, line)
}

function begin(open: Open[], name: string, line: number): void {
  if (open.length === 1 && name !== 'vcalendar') {
    throw new IcsError(line, 'A calendar file begins with BEGIN:VCALENDAR.')
  }
  if (open.length > deepest) throw new IcsError(line, 'Components are nested too deeply.')
  const component: Open = { name, line, properties: [], children: [] }
  open.at(-1)?.children.push(component)
  open.push(component)
}

function end(open: Open[], name: string, line: number): void {
  const [, ...begun] = open
  if (begun.at(-1)?.name !== name) {
    throw new IcsError(line, `END:${name.toUpperCase()} does not end what has begun.`)
  }
  open.pop()
}

function addProperty(open: Open[], text: string, line: number): void {
  const [, ...begun] = open
  const component = begun.at(-1)
  if (!component) throw new IcsError(line, 'A calendar file begins with BEGIN:VCALENDAR.')
  const what = `“${text.slice(0, 60)}” is not a property with a name and a value.`
  const jCal = onLine(line, what, () => ICAL.parse.property(text) as JCalProperty | undefined)
  if (!jCal || !/^[a-z0-9.-]+$/i.test(jCal[0])) throw new IcsError(line, what)
  component.properties.push({ name: jCal[0], line, jCal })
}
