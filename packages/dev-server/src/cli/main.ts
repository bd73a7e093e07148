#!/usr/bin/env node
import { run } from './run.js'

const ending = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // Once more means at once: what the process holds ends with it.
  process.on(signal, () => (ending.signal.aborted ? process.exit(130) : ending.abort()))
}

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  note: (text) => void process.stderr.write(text),
  directory: process.cwd(),
  environment: process.env,
  ending: ending.signal,
})
