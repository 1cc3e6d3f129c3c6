// Windows of an open file with all fields and cameras: median seconds of one.
import { TrackingReader } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'
import { median } from '../support/statistics.mjs'

const { path, starts, size, sync } = parameters()
const reader = new TrackingReader(path)
const seconds = []
for (const first of starts) {
  const range = { start: first, stop: first + size }
  const start = performance.now()
  if (sync) reader.readSync(range)
  else await reader.read(range)
  seconds.push((performance.now() - start) / 1000)
}
reader.close()
report({ seconds: median(seconds) })
