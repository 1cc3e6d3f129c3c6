// `h5tracks import` of CSV, the whole process, against pandas.read_csv with AquaPose's writer, and against pandas.read_csv alone.
import { rm, stat } from 'node:fs/promises'
import { commandLine, h5py, pandas } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'
import { RIG, writeCsv } from '../support/workload.mjs'

export default async function importCsv({ frames, repeat, file }) {
  const source = file('rig.csv')
  const path = file('imported.h5')
  const other = file('pandas.h5')
  await writeCsv(source, (2 * frames) / 5)
  const megabytes = Math.round((await stat(source)).size / 1e6)
  const results = await alternate(repeat, {
    ours: () => commandLine('import', source, path, '--overwrite'),
    pandas: () => pandas('convert', { source, path: other, slots: RIG.fish }),
    reading: () => pandas('read', { source }),
  })
  const { differing } = await h5py('compare', { path, others: [other] })
  for (const used of [source, path, other]) await rm(used)
  if (differing.length > 0) throw new Error(`the file of the import differs from AquaPose's: ${differing.join(', ')}`)
  return [
    against({
      what: `import of ${megabytes} MB of CSV, against pandas.read_csv and AquaPose's writer`,
      unit: 's',
      ours: results.ours.map(({ seconds }) => seconds),
      peer: results.pandas.map(({ seconds }) => seconds),
      atLeast: 5,
      aim: 10,
    }),
    against({
      what: `import of ${megabytes} MB of CSV: CPU time of all threads, against pandas.read_csv alone`,
      unit: 's',
      ours: results.ours.map(({ cpu }) => cpu),
      peer: results.reading.map(({ cpu }) => cpu),
      atLeast: 0.5,
      aim: 1,
    }),
  ]
}
