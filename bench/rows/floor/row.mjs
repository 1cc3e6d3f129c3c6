// Repeatedly reads one row of an open chunked dataset from the same chunk into the caller's array, against both peers.
import { rm } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { alternate } from '../../support/statistics.mjs'
import { against } from '../../support/verdict.mjs'

const READS = 20_000

export default async function row({ repeat, file }) {
  const path = file('row.h5')
  await floor.h5py('make_rows', { path, rows: 50_000, columns: 64, chunk: 1000 })
  const parameters = { path, rows: 1000, columns: 64, reads: READS }
  const results = await alternate(repeat, {
    ours: () => floor.ours('row', parameters),
    h5py: () => floor.h5py('row', parameters),
    // h5wasm is a thousand times slower, so fewer rows are enough.
    h5wasm: () => floor.h5wasm('row', { ...parameters, reads: READS / 100 }),
  })
  await rm(path)
  const times = (name) => results[name].map(({ seconds }) => 1e6 * seconds)
  const line = (peer, atLeast) =>
    against({
      what: `read one row, warm, readSync, against ${peer}`,
      unit: 'us',
      ours: times('ours'),
      peer: times(peer),
      atLeast,
    })
  return [line('h5wasm', 50), line('h5py', 2)]
}
