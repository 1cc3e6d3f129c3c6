// What it costs that an embedder takes no native memory (Electron): rows are copied when they are accepted, and V8 allocates results.
import { rm } from 'node:fs/promises'
import { ours } from '../support/child.mjs'
import { alternate } from '../support/statistics.mjs'
import { against } from '../support/verdict.mjs'

const VARIABLE = 'H5TRACKS_EXTERNAL_MEMORY'

/** Runs a job in a process that does as if external memory were refused. */
async function copying(job, parameters) {
  process.env[VARIABLE] = 'off'
  try {
    return await ours(job, parameters)
  } finally {
    delete process.env[VARIABLE]
  }
}

export default async function copies({ frames, repeat, file }) {
  const path = file('copies.h5')
  const lines = []
  for (const [way, call] of Object.entries({ records: 'writeFrame', columns: 'writeFrames' })) {
    const results = await alternate(repeat, {
      copied: () => copying('write', { way, path, frames }),
      shared: () => ours('write', { way, path, frames }),
    })
    const perFrame = (name) => results[name].map(({ cpu }) => (1e6 * cpu) / frames)
    const what = `${call}, CPU time a frame, copying against sharing memory`
    lines.push(against({ what, unit: 'us', ours: perFrame('copied'), peer: perFrame('shared') }))
  }
  await ours('write', { way: 'columns', path, frames, keep: true })
  const results = await alternate(repeat, {
    copied: () => copying('read', { path, rounds: 4 }),
    shared: () => ours('read', { path, rounds: 4 }),
  })
  const times = (name) => results[name].map(({ cpu }) => (1000 * cpu) / 4)
  const what = 'readTrackingResults, CPU time, memory of V8 against native memory'
  lines.push(against({ what, unit: 'ms', ours: times('copied'), peer: times('shared') }))
  await rm(path)
  return lines
}
