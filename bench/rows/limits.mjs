// What the machine and the data allow, and how far we are from it: the rates of memory and of our codec with all cores and nothing
// else to do, and the entropy of the data.
import { LIMITS } from '../support/build.mjs'
import { answer, ours } from '../support/child.mjs'
import { FRAME_BYTES } from '../support/layouts.mjs'
import { alternate, median } from '../support/statistics.mjs'
import { DISTINCT } from '../support/workload.mjs'

export default async function limits({ frames, repeat, file }) {
  const paths = { template: file('template.h5'), whole: file('whole.h5'), out: file('out.h5') }
  const write = (way, path, count) => ours('write', { way, path, frames: count, keep: true })
  await write('columns', paths.template, DISTINCT)
  await write('columns', paths.whole, frames)
  const sizes = await ours('entropy', { path: paths.template })
  const results = await alternate(repeat, {
    limits: () => answer(LIMITS, [paths.template, String(DISTINCT)]),
    records: () => write('records', paths.out, frames),
    columns: () => write('columns', paths.out, frames),
    read: () => ours('read', { path: paths.whole, rounds: 4 }),
  })
  const rates = (of) => results.limits.map(of)
  const encoding = rates(({ encodeSeconds }) => DISTINCT / encodeSeconds)
  const decoding = rates(({ decodeSeconds }) => DISTINCT / decodeSeconds)
  const copying = rates(({ copied }) => copied / FRAME_BYTES.tracking)
  const written = (name) => results[name].map(({ seconds }) => frames / seconds)
  const read = results.read.map(({ seconds }) => frames / median(seconds.slice(1)))
  return [
    line('copying a frame in memory, all cores', 'frames/s', copying),
    line(
      'touching new memory, all cores',
      'GB/s',
      rates(({ touched }) => touched / 1e9),
    ),
    line('encoding the rig, all cores, nothing else', 'frames/s', encoding),
    share('writeFrames as a part of it', written('columns'), encoding),
    share('writeFrame as a part of it', written('records'), encoding),
    line('decoding the rig, all cores, nothing else', 'frames/s', decoding),
    share('readTrackingResults as a part of it', read, decoding),
    size('the rig, in the file, relative to its values', sizes.stored, sizes),
    size('by the entropy of single bytes', sizes.entropy, sizes),
    size('by zlib, level 9', sizes.zlib, sizes),
    size('by brotli 11', sizes.brotli, sizes),
  ]
}

const line = (what, unit, values) => ({
  what,
  unit,
  ours: median(values),
  spread: [Math.min(...values), Math.max(...values)],
  verdict: '',
})

const share = (what, values, limit) =>
  line(
    what,
    '',
    values.map((value, i) => value / limit[i]),
  )

const size = (what, bytes, { raw }) => line(what, '', [bytes / raw])
