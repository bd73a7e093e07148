import { chosenHeader, statusIn } from './chosen.js'
import { RestError } from './errors.js'

/**
 * The answer to `raise sqlstate 'PGRST'`: a function chooses status, headers and body of its error.
 * @param message a JSON object with `code`, `message`, and perhaps `details` and `hint`
 * @param detail a JSON object with `status`, `headers`, and perhaps `status_text`
 */
export function fromRaised(message: string, detail: string | undefined): RestError {
  const words = wordsIn(parseObject(message))
  if (!words) return unreadable(`Invalid JSON value for MESSAGE: '${message}'`, messageHint)
  if (detail === undefined) return unreadable('DETAIL is missing in the RAISE statement', detailHint)
  const answer = answerIn(parseObject(detail))
  if (!answer) return unreadable(`Invalid JSON value for DETAIL: '${detail}'`, detailHint)
  return new RestError(answer.status, words, answer.headers, answer.statusText)
}

function wordsIn({ code, message, details, hint }: Parsed) {
  if (typeof code !== 'string' || typeof message !== 'string') return undefined
  return { code, message, details, hint: typeof hint === 'string' ? hint : null }
}

function answerIn({ status, status_text: text, headers }: Parsed) {
  const chosen = statusIn(String(status))
  const pairs = typeof headers === 'object' && headers !== null ? Object.entries(headers) : undefined
  if (chosen === undefined || !pairs?.every(chosenHeader)) return undefined
  const statusText = typeof text === 'string' ? text : undefined
  return { status: chosen, headers: Object.fromEntries(pairs), statusText }
}

const messageHint =
  "MESSAGE must be a JSON object with obligatory keys: 'code', 'message' and optional keys: 'details', 'hint'."
const detailHint =
  "DETAIL must be a JSON object with obligatory keys: 'status', 'headers' and optional key: 'status_text'."

const unreadable = (details: string, hint: string) =>
  new RestError(500, {
    code: 'PGRST121',
    message: 'Could not parse JSON in the "RAISE SQLSTATE \'PGRST\'" error',
    details,
    hint,
  })

type Parsed = Readonly<Record<string, unknown>>

function parseObject(text: string): Parsed {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Parsed) : {}
  } catch {
    return {} // Not JSON: the caller says what is missing.
  }
}
