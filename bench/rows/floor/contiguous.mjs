// 1 GiB of contiguous float64, read into a new array and written from one.
import { rm } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { alternate } from '../../support/statistics.mjs'
import { against } from '../../support/verdict.mjs'

const ELEMENTS = 2 ** 27

export default async function contiguous({ repeat, file }) {
  const read = file('contiguous.h5')
  await floor.h5py('write_contiguous', { path: read, elements: ELEMENTS })
  const written = async (who) => {
    const path = file(`contiguous-${who}.h5`)
    const result = await floor[who]('write_contiguous', { path, elements: ELEMENTS })
    await rm(path)
    return result
  }
  const results = await alternate(repeat, {
    readOurs: () => floor.ours('read_contiguous', { path: read, rounds: 4 }),
    readH5py: () => floor.h5py('read_contiguous', { path: read, rounds: 4 }),
    writeOurs: () => written('ours'),
    writeH5py: () => written('h5py'),
  })
  await rm(read)
  const times = (name) => results[name].map(({ seconds }) => 1000 * seconds)
  return [
    against({
      what: '1 GiB contiguous, read, against h5py',
      unit: 'ms',
      ours: times('readOurs'),
      peer: times('readH5py'),
      atLeast: 0.95,
    }),
    against({
      what: '1 GiB contiguous, write, against h5py',
      unit: 'ms',
      ours: times('writeOurs'),
      peer: times('writeH5py'),
      atLeast: 0.95,
    }),
  ]
}
