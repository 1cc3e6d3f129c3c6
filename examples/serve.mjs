// A server that receives the frames of several rigs over sockets and writes one file for each. See README.md.
import { setMaxListeners } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { receiveRig } from './serve/receive.mjs'
import { openRigFile } from './serve/rig-file.mjs'

const { values: options } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    socket: { type: 'string' },
    dir: { type: 'string', default: '.' },
    'chunk-frames': { type: 'string', default: '1000' },
    stats: { type: 'string' },
  },
})
const dir = options.dir
mkdirSync(dir, { recursive: true })

const stopping = new AbortController()
setMaxListeners(0, stopping.signal)
/** @type {Set<import('h5tracks').TrackingWriter>} */
const writers = new Set()
// With keep-alive the server notices a rig whose cable was pulled, and closes its file, which can then be resumed.
const server = createServer(
  { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 },
  receive,
)

/** @param {import('node:net').Socket} socket */
async function receive(socket) {
  /** @type {import('h5tracks').TrackingWriter | undefined} */
  let writer
  const { frames, error } = await receiveRig(
    socket,
    async (header) => {
      writer = await openRigFile(dir, header, { chunkFrames: Number(options['chunk-frames']) })
      writers.add(writer)
      console.log(`${writer.path}: open${writer.length > 0 ? `, going on after its ${writer.length} frames` : ''}`)
      return writer
    },
    stopping.signal,
  )
  const why = error ? `; line ${error.line}: ${error.code}: ${error.message}` : ''
  if (!writer) {
    console.log(`refused${why}`)
    return
  }
  writers.delete(writer)
  if (frames < writer.framesWritten) process.exitCode = 1
  if (options.stats) report(writer)
  console.log(`${writer.path}: closed, ${frames} frames${why}`)
}

/** @param {import('h5tracks').TrackingWriter} writer */
function report(writer) {
  console.log(JSON.stringify({ file: writer.path, ...writer.stats() }))
}

if (options.stats) setInterval(() => writers.forEach(report), 1000 * Number(options.stats)).unref()

for (const signal of ['SIGTERM', 'SIGINT']) {
  // A second signal has its default effect.
  process.once(signal, () => {
    console.log(`${signal}: closing ${writers.size} files`)
    server.close()
    stopping.abort()
  })
}

server.listen(options.socket ? { path: options.socket } : { host: options.host, port: Number(options.port) }, () => {
  const address = server.address()
  const where = typeof address === 'string' ? address : `${address?.address}:${address?.port}`
  console.log(`listening on ${where}`)
})
