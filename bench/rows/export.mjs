// `h5tracks export` of a tracking file to CSV, the whole process, against h5py and pandas making and writing the same table.
import { rm, stat } from 'node:fs/promises'
import { commandLine, pandas } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'
import { writeCsv } from '../support/workload.mjs'

export default async function exportCsv({ frames, repeat, file }) {
  const [text, source, path, other] = ['rig.csv', 'rig.h5', 'ours.csv', 'pandas.csv'].map(file)
  await writeCsv(text, frames)
  await commandLine('import', text, source, '--overwrite')
  const results = await alternate(Math.min(repeat, 3), {
    ours: () => commandLine('export', path, source, '--overwrite'),
    pandas: () => pandas('export', { source, path: other }),
  })
  const megabytes = Math.round((await stat(path)).size / 1e6)
  const { differing } = await pandas('same', { paths: [path, other] })
  for (const used of [text, source, path, other]) await rm(used)
  if (differing.length > 0) throw new Error(`the exported file differs from that of pandas: ${differing.join(', ')}`)
  return [
    against({
      what: `export of ${frames} frames to ${megabytes} MB of CSV, against h5py and pandas.DataFrame.to_csv`,
      unit: 's',
      ours: results.ours.map(({ seconds }) => seconds),
      peer: results.pandas.map(({ seconds }) => seconds),
      atLeast: 3,
      aim: 10,
    }),
  ]
}
