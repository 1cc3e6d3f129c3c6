// The long form: `npm run test:mutants -- --count 20000 [--seed 0] [--kind tracking|journal|interop] [--way inProcess|untrusted]
// [--seconds 20] [--megabytes 512]`. Prints the outcomes of the mutants; the exit code is 1 when one of them ended in
// neither data nor an H5TracksError. H5TRACKS_ADDON chooses the build. A seed alone makes its mutant again:
// `--seed 4711 --count 1`.
import { parseArgs } from 'node:util'
import { report } from './report.js'
import { run } from './runner.js'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '500' },
    seed: { type: 'string', default: '0' },
    kind: { type: 'string', default: 'tracking' },
    way: { type: 'string', default: 'inProcess' },
    seconds: { type: 'string', default: '20' },
    megabytes: { type: 'string', default: '512' },
  },
})
if (values.way !== 'inProcess' && values.way !== 'untrusted') throw new Error(`no such way: ${values.way}`)
const inputs = Array.from({ length: Number(values.count) }, (_, i) => Number(values.seed) + i)
const start = performance.now()
const outcomes = run({ kind: values.kind, way: values.way, inputs, seconds: Number(values.seconds) })
const summary = await report(outcomes, Number(values.megabytes), (line) => console.error(line))
console.log(summary.text, `${((performance.now() - start) / 1000).toFixed(0)} s`)
process.exitCode = summary.failures.length === 0 ? 0 : 1
