// The delay of a local writer's event loop while the same process reads a remote file whose server answers after 200 ms; the peer is the
// writer alone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { publish } from '../../dist/library/index.js'
import { ours } from '../support/child.mjs'
import { filesToRead } from '../support/files.mjs'
import { alternate } from '../support/statistics.mjs'
import { below } from '../support/verdict.mjs'

const program = fileURLToPath(new URL('../support/object-server.mjs', import.meta.url))

export default async function remote({ frames, repeat, file }) {
  const [source] = Object.values(await filesToRead(frames, file))
  const published = file('published.h5')
  await publish(source, published)
  const server = spawn(process.execPath, [program, published, '200'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const url = String((await once(server.stdout, 'data'))[0]).trim()
  const common = { framesPerSecond: 10_000, seconds: Math.max(1, Math.min(10, frames / 5000)), write: true }
  const { reading, alone } = await alternate(Math.min(repeat, 3), {
    reading: () => ours('loop-delay', { ...common, path: file('paced.h5'), url }),
    alone: () => ours('loop-delay', { ...common, path: file('paced.h5') }),
  })
  server.stdin.end()
  const line = (what, value, limits) => ({
    ...below({
      what: `delay at 10 000 frames/s while a remote file is read, ${what} (peer: without reading)`,
      unit: 'ms',
      ours: reading.map((result) => result[value]),
      peer: alone.map((result) => result[value]),
      ...limits,
    }),
    runs: { reading, alone },
  })
  return [line('p99', 'p99', { atLeast: 5, aim: 2 }), line('max', 'max', { atLeast: 20, aim: 10 })]
}
