// `h5tracks import` of JSON lines, the whole process, against JSON.parse alone over the same lines.
import { rm } from 'node:fs/promises'
import { CLI } from '../support/build.mjs'
import { measure, ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'
import { writeJsonLines } from '../support/workload.mjs'

export default async function importLines({ frames, repeat, file }) {
  const source = file('rig.jsonl')
  const path = file('imported.h5')
  await writeJsonLines(source, frames)
  const results = await alternate(repeat, {
    ours: () => measure(process.execPath, [CLI, 'import', source, path, '--overwrite']),
    parse: () => ours('parse-lines', { path: source }),
  })
  for (const used of [source, path]) await rm(used)
  return [
    against({
      what: 'import of JSON lines, against JSON.parse alone',
      unit: 's',
      ours: results.ours.map(({ wall }) => wall),
      peer: results.parse.map(({ seconds }) => seconds),
      atLeast: 0.5,
      aim: 0.8,
    }),
  ]
}
