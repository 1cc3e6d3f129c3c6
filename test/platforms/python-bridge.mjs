// Lets tests that run in Wine ask the Python of this machine: a port of 127.0.0.1 in front of test/python/server.py, which takes paths as
// Wine names them. Prints the port; ends when its input ends.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './build.mjs'

/** @param {string} text */
const onLinux = (text) => text.replace(/\bZ:\\[^"'\n]*/g, (path) => path.slice(2).replaceAll('\\', '/'))

/** @param {string} line @returns {string} */
function translated(line) {
  const request = JSON.parse(line)
  const { program, source, args, cwd, input } = request
  const text = (/** @type {string | null} */ value) => value && onLinux(value)
  return JSON.stringify({
    program: text(program),
    source: text(source),
    args: args.map(onLinux),
    cwd: onLinux(cwd),
    input,
  })
}

const directory = mkdtempSync(join(tmpdir(), 'h5tracks-bridge-'))
const path = join(directory, 'socket')
const server = spawn('/usr/bin/python3', [join(ROOT, 'test/python/server.py'), path], {
  env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  stdio: ['pipe', 'pipe', 'inherit'],
})
await Promise.race([once(server.stdout, 'data'), once(server, 'exit')])
const bridge = createServer({ allowHalfOpen: true }, (connection) => {
  let line = ''
  connection.on('error', () => {})
  connection.setEncoding('utf8').on('data', (text) => {
    line += text
    if (!line.endsWith('\n')) return
    const python = createConnection(path)
    python.write(`${translated(line)}\n`)
    python.pipe(connection)
  })
})
bridge.listen(0, '127.0.0.1')
await once(bridge, 'listening')
console.log(/** @type {import('node:net').AddressInfo} */ (bridge.address()).port)
process.stdin.resume().on('end', () => {
  server.stdin.end()
  rmSync(directory, { recursive: true })
  process.exit()
})
