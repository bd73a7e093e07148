import { DevServerError } from '../errors.js'

/** A table of a TOML file; what is asked for is either of its type or not there. */
export interface Section {
  text(name: string): string | undefined
  number(name: string): number | undefined
  flag(name: string): boolean | undefined
  texts(name: string): readonly string[] | undefined
  /** Empty when it is not there. */
  section(name: string): Section
  /** The sections below this one, by name. */
  sections(): readonly (readonly [string, Section])[]
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads a table whose texts may be `env(NAME)`.
 * @param place of the table in the file, for messages
 * @throws DevServerError `config-invalid`, from each question, for a value of another type
 */
export function sectionOf(table: unknown, environment: Environment, place: string): Section {
  if (!isTable(table)) throw wrong(place, 'a section')
  const placeOf = (name: string) => (place.endsWith(': ') ? `${place}${name}` : `${place}.${name}`)
  const one = <T>(name: string, kind: string, holds: (value: unknown) => value is T): T | undefined => {
    const value = resolved(table[name], environment)
    if (value === undefined || holds(value)) return value
    throw wrong(placeOf(name), kind)
  }
  const section = (name: string) => sectionOf(table[name] ?? {}, environment, placeOf(name))
  return {
    text: (name) => one(name, 'a text', isText),
    number: (name) => numberOf(one(name, 'a number', isNumeric)),
    flag: (name) => flagOf(one(name, 'true or false', isFlag)),
    texts: (name) => one(name, 'a list of texts', isTexts),
    section,
    sections: () =>
      Object.keys(table)
        .filter((name) => isTable(table[name]))
        .map((name) => [name, section(name)]),
  }
}

/** A variable that is not set leaves the value out. */
function resolved(value: unknown, environment: Environment): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => resolved(item, environment))
  const [, name] = (typeof value === 'string' && /^env\((\w+)\)$/.exec(value)) || []
  return name === undefined ? value : environment[name]
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value: unknown) => typeof value === 'string'
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText)

/** What comes from the environment is a text. */
const isNumeric = (value: unknown): value is number | string =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value))
const isFlag = (value: unknown): value is boolean | string =>
  typeof value === 'boolean' || value === 'true' || value === 'false'
const numberOf = (value: number | string | undefined) => (value === undefined ? value : Number(value))
const flagOf = (value: boolean | string | undefined) =>
  value === undefined ? value : String(value) === 'true'

const wrong = (place: string, kind: string) =>
  new DevServerError('config-invalid', `${place} is not ${kind}.`)
