// Real recordings (`--data DIRECTORY`), against the h5py port of AquaPose's writer: the sizes of the files, the time from open to closed of
// a process that has written them before, and the time of a fresh process for each.
import { rm, stat } from 'node:fs/promises'
import { python } from '../../test/support/interpreter.js'
import { h5py, here, measure, ours } from '../support/child.mjs'
import { prepareRecordings } from '../support/recordings.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { above, against, below } from '../support/verdict.mjs'
import { compared } from './records.mjs'

// Passes over all recordings in a process: ours until the code is compiled, then those that are measured.
const WARMUP = 5
const ROUNDS = 5
const PEER_ROUNDS = 3

export default async function real({ data, repeat, file }) {
  const recordings = await prepareRecordings(data, file)
  const sources = recordings.map(({ source }) => source)
  const paths = { ours: file('real-ours'), h5py: file('real-h5py') }
  const warm = await alternate(repeat, {
    ours: () => ours('recordings', { path: paths.ours, sources, warmup: WARMUP, rounds: ROUNDS }),
    h5py: () => h5py('recordings', { path: paths.h5py, sources, rounds: PEER_ROUNDS }),
  })
  const sizes = []
  for (const [i, { name, original }] of recordings.entries()) {
    const written = [`${paths.ours}.${i}.h5`, `${paths.h5py}.${i}.h5`]
    const { bytes } = await compared(written[0], [written[1]])
    const size = original && (await stat(original)).size
    sizes.push({ name, ours: bytes[0], port: bytes[1], original: size, peer: size ?? bytes[1] })
    for (const path of written) await rm(path)
  }
  const times = (part) =>
    recordings.map(({ name, frames }, i) => ({
      name: `${name}, ${frames} frames`,
      ours: warm.ours.map((result) => 1000 * median(result[part][i])),
      peer: warm.h5py.map((result) => 1000 * median(result[part][i])),
    }))
  const fresh = []
  for (const { name, source } of recordings) {
    const { ours, peer } = await alternate(repeat, freshProcesses(source, file))
    fresh.push({ name, ours, peer })
    await rm(source)
  }
  const starts = await alternate(repeat, emptyProcesses())
  return [
    ...sizeLines(sizes),
    ...timeLines('open to closed, warm', times('seconds'), { median: [5, 10], slowest: [3, 5] }),
    // Little changed by other programs, but our threads work at the same time, so it says less about the time.
    timeLines('processor time, open to closed, warm', times('cpu'), {}).at(-2),
    ...timeLines('a fresh process', fresh, { median: [3, 5] }),
    against({
      what: 'of it, the process alone: node that does nothing, python3 that imports h5py',
      unit: 'ms',
      ours: starts.ours,
      peer: starts.peer,
    }),
  ]
}

/** Each writes one recording; the time in ms is that of the whole process, which parses the frames from one JSON document. */
function freshProcesses(source, file) {
  const path = file('real-fresh.h5')
  const timed = async (command, args) => {
    const { wall } = await measure(command, args)
    await rm(path)
    return 1000 * wall
  }
  const argument = JSON.stringify({ command: 'recording', path, source })
  return {
    ours: () => timed(process.execPath, [here('jobs/recording.mjs'), argument]),
    peer: () => timed(python(), [here('peers/aquapose_h5py.py'), argument]),
  }
}

/** What a fresh process takes before it does anything, in ms: the least that ours can reach. */
function emptyProcesses() {
  const timed = async (command, args) => 1000 * (await measure(command, args)).wall
  return {
    ours: () => timed(process.execPath, ['-e', '0']),
    peer: () => timed(python(), ['-c', 'import json, h5py, numpy']),
  }
}

/** `peer` is the size of AquaPose's own file, where the folder has it, else of the port's. */
function sizeLines(sizes) {
  const sum = (of) => sizes.reduce((total, size) => total + size[of], 0)
  const ratios = sizes.map(({ name, ours, peer }) => ({ name, ratio: ours / peer }))
  const largest = ratios.reduce((a, b) => (b.ratio > a.ratio ? b : a))
  const line = (what, ratio, limits) =>
    below({ what: `${what}, relative to AquaPose's`, unit: '', ours: ratio, ...limits })
  const originals = sizes.filter(({ original }) => original !== undefined)
  return [
    ...ratios.map(({ name, ratio }) => line(`${name}: size of the file`, [ratio])),
    line(`size of the largest file (${largest.name})`, [largest.ratio], { atLeast: 1, aim: 0.9 }),
    { ...line('size of all files', [sum('ours') / sum('peer')], { atLeast: 0.85, aim: 0.7 }), sizes },
    ...(originals.length === 0
      ? []
      : [
          below({
            what: "size of the port's files, relative to those of AquaPose in the folder",
            unit: '',
            ours: originals.map(({ port, original }) => port / original),
          }),
        ]),
  ]
}

function timeLines(what, times, limits) {
  const lines = times.map(({ name, ours, peer }) => against({ what: `${name}: ${what}`, unit: 'ms', ours, peer }))
  const rounds = times[0].ours.map((_, round) => times.map(({ ours, peer }) => peer[round] / ours[round]))
  const slowest = lines.reduce((a, b) => (b.ratio[0] < a.ratio[0] ? b : a))
  const slow = times[lines.indexOf(slowest)]
  const limited = ([atLeast, aim] = []) => ({ unit: 'x', atLeast, aim })
  return [
    ...lines,
    above({ what: `${what}, median of the recordings`, ours: rounds.map(median), ...limited(limits.median) }),
    above({
      what: `${what}, the slowest (${slow.name})`,
      ours: slow.ours.map((value, round) => slow.peer[round] / value),
      ...limited(limits.slowest),
    }),
  ]
}
