/**
 * `npm start`, `npm test` and their kin on a bare machine: gets Node and pnpm from npm, installs, finds a browser, runs the task.
 * This file is written for the oldest Node that can load it; everything else is loaded once the version is known.
 */
const major = Number(process.versions.node.split('.')[0])

if (major < 18) {
  console.error(
    'Node ' +
      process.versions.node +
      ' is too old: install Node 18 or newer (https://nodejs.org), then run this again.',
  )
  process.exitCode = 1
} else {
  import('./main.mjs').then(({ main }) => main(process.argv.slice(2)))
}
