// Many small objects: 10 000 datasets created, listed and read, and 10 000 attributes written and read.
import { rm } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { alternate } from '../../support/statistics.mjs'
import { against } from '../../support/verdict.mjs'

const COUNT = 10_000

export default async function small({ repeat, file }) {
  const path = file('small.h5')
  const parameters = { path, count: COUNT }
  const results = await alternate(repeat, {
    'datasets ours': () => floor.ours('small_datasets', parameters),
    'datasets h5py': () => floor.h5py('small_datasets', parameters),
    'attributes ours': () => floor.ours('small_attributes', parameters),
    'attributes h5py': () => floor.h5py('small_attributes', parameters),
  })
  await rm(path)
  const times = (name, part) => results[name].map((result) => 1000 * result[part])
  const line = (things, part) =>
    against({
      what: `10 000 ${things}, ${part === 'all' ? 'in total' : part}, against h5py`,
      unit: 'ms',
      ours: times(`${things} ours`, part),
      peer: times(`${things} h5py`, part),
      atLeast: 2,
    })
  return [
    line('datasets', 'created'),
    line('datasets', 'listed'),
    line('datasets', 'read'),
    line('datasets', 'all'),
    line('attributes', 'written'),
    line('attributes', 'read'),
    line('attributes', 'all'),
  ]
}
