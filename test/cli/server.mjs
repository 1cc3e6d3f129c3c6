// Runs command lines one after another in one process, as the executable does. Asked by served.ts.
import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'

const [, , main = ''] = process.argv
process.setMaxListeners(0)
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0)
let last = Promise.resolve()
let count = 0

/**
 * Replaces `write` of a stream; the returned function gives the text and puts the old one back.
 *
 * @param {NodeJS.WriteStream} stream
 */
function collected(stream) {
  /** @type {Buffer[]} */
  const parts = []
  const { write } = stream
  stream.write = (/** @type {Uint8Array | string} */ chunk, /** @type {unknown[]} */ ...rest) => {
    parts.push(Buffer.from(chunk))
    rest.find((one) => typeof one === 'function')?.()
    return true
  }
  return () => {
    stream.write = write
    return Buffer.concat(parts).toString()
  }
}

/** @param {{ args: string[], input: string, cwd: string }} request */
async function run({ args, input, cwd }) {
  const [out, err] = [collected(process.stdout), collected(process.stderr)]
  process.argv = [process.execPath, main, ...args]
  process.exitCode = undefined
  process.chdir(cwd)
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true })
  try {
    await import(`${pathToFileURL(main)}?${count++}`)
  } finally {
    const [stdout, stderr] = [out(), err()]
    process.send?.({ code: process.exitCode ?? 0, signal: null, stdout, stderr })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
  }
}

process.on('message', (request) => {
  last = last.then(() => run(/** @type {{ args: string[], input: string, cwd: string }} */ (request)))
})
