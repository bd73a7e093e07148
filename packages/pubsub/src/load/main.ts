import { parseArgs } from 'node:util'
import { runLoad } from './runLoad.js'

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '10000' },
    minutes: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '20' },
  },
})

await runLoad({
  sockets: Number(values.sockets),
  minutes: Number(values.minutes),
  seconds: Number(values.seconds),
  say: (line) => void process.stdout.write(`${line}\n`),
})
