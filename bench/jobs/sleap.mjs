// Seconds to convert an analysis file, and to load it with sleap-io.js.
import { loadAnalysisH5 } from '@talmolab/sleap-io.js'
import { convert } from '../../dist/library/formats.js'
import { cpuSeconds, parameters, report, settle } from '../support/child.mjs'

const { source, path, how } = parameters()
await settle()
const [start, cpu] = [performance.now(), process.cpuUsage()]
const frames =
  how === 'convert'
    ? (await convert(source, path, { overwrite: true })).recordings[0].frames
    : (await loadAnalysisH5(source)).labeledFrames.length
report({ seconds: (performance.now() - start) / 1000, cpu: cpuSeconds(cpu), frames })
