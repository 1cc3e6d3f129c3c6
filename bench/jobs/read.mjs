// Repeated readTrackingResults of a whole file: seconds of each.
import { readTrackingResults } from '../../dist/library/index.js'
import { parameters, report } from '../support/child.mjs'

const { path, rounds } = parameters()
const seconds = []
for (let round = 0; round < rounds; round++) {
  const start = performance.now()
  await readTrackingResults(path)
  seconds.push((performance.now() - start) / 1000)
}
report({ seconds })
