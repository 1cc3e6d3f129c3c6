// Repeated readTrackingResults of a whole file: seconds of each, and of the CPU in all threads for all.
import { readTrackingResults } from '../../dist/library/index.js'
import { cpuSeconds, parameters, report } from '../support/child.mjs'

const { path, rounds } = parameters()
const seconds = []
const began = process.cpuUsage()
for (let round = 0; round < rounds; round++) {
  const start = performance.now()
  await readTrackingResults(path)
  seconds.push((performance.now() - start) / 1000)
}
report({ seconds, cpu: cpuSeconds(began) })
