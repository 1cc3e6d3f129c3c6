// A compound table of six fields, read into one column for each field.
import { rm } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { alternate } from '../../support/statistics.mjs'
import { against } from '../../support/verdict.mjs'

const ROWS = 5_000_000

export default async function table({ repeat, file }) {
  const path = file('table.h5')
  await floor.h5py('make_table', { path, rows: ROWS })
  const results = await alternate(Math.min(repeat, 3), {
    ours: () => floor.ours('read_table', { path, rounds: 3 }),
    h5py: () => floor.h5py('read_table', { path, rounds: 3 }),
    h5wasm: () => floor.h5wasm('read_table', { path, rounds: 1 }),
  })
  await rm(path)
  const times = (name) => results[name].map(({ seconds }) => 1000 * seconds)
  const line = (peer, atLeast) =>
    against({
      what: `read 5 million rows x 6 fields into columns, against ${peer}`,
      unit: 'ms',
      ours: times('ours'),
      peer: times(peer),
      atLeast,
    })
  return [line('h5py', 1), line('h5wasm', 3)]
}
