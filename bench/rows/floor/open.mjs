// Opening a file, reading one attribute, closing.
import { rm } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { alternate } from '../../support/statistics.mjs'
import { against } from '../../support/verdict.mjs'

export default async function open({ repeat, file }) {
  const path = file('open.h5')
  await floor.h5py('make_rows', { path, rows: 1000, columns: 4, chunk: 100 })
  const results = await alternate(repeat, {
    ours: () => floor.ours('open', { path, times: 2000 }),
    h5py: () => floor.h5py('open', { path, times: 2000 }),
  })
  await rm(path)
  const times = (name) => results[name].map(({ seconds }) => 1e6 * seconds)
  return [
    against({
      what: 'open a file, read one attribute, close, against h5py',
      unit: 'us',
      ours: times('ours'),
      peer: times('h5py'),
      atLeast: 1,
    }),
  ]
}
