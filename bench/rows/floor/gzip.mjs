// 256 MiB of float64 with gzip, in the chunks that h5py chooses by default: every library writes it and reads h5py's file.
import { rm, stat } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { alternate } from '../../support/statistics.mjs'
import { against, below } from '../../support/verdict.mjs'

const SHAPE = [2 ** 22, 8]

export default async function gzip({ repeat, file }) {
  const source = file('walk.bin')
  await floor.ours('make_walk', { path: source, rows: SHAPE[0], columns: SHAPE[1] })
  const paths = Object.fromEntries(['ours', 'h5py', 'h5wasm'].map((who) => [who, file(`gzip-${who}.h5`)]))
  await floor.h5py('write_gzip', { path: paths.h5py, source, shape: SHAPE })
  const { chunks } = await floor.h5py('chunks_of', { path: paths.h5py })
  const write = (who) => floor[who]('write_gzip', { path: paths[who], source, shape: SHAPE, chunks })
  const read = (who) => floor[who]('read_gzip', { path: paths.h5py, source, rounds: 3 })
  const results = await alternate(repeat, {
    'write ours': () => write('ours'),
    'write h5py': () => write('h5py'),
    'write h5wasm': () => write('h5wasm'),
    'read ours': () => read('ours'),
    'read h5py': () => read('h5py'),
    'read h5wasm': () => read('h5wasm'),
  })
  const { size: ours } = await stat(paths.ours)
  const { size: h5pys } = await stat(paths.h5py)
  const { equal } = await floor.h5py('same_as', { path: paths.ours, source })
  for (const path of [source, ...Object.values(paths)]) await rm(path)
  if (!equal) throw new Error('our gzip file holds other values than were written')
  const times = (name) => results[name].map(({ seconds }) => 1000 * seconds)
  const line = (way, peer) =>
    against({
      what: `256 MiB gzip, ${way}, against ${peer}`,
      unit: 'ms',
      ours: times(`${way} ours`),
      peer: times(`${way} ${peer}`),
      atLeast: 3,
    })
  return [
    ...['read', 'write'].flatMap((way) => [line(way, 'h5py'), line(way, 'h5wasm')]),
    below({ what: "size of the gzip file, relative to h5py's", unit: '', ours: [ours / h5pys], atLeast: 1.03 }),
  ]
}
