// 5 GiB of float64 in one read from a file of 8 GiB. h5wasm cannot do this: its memory ends at 2 GiB.
import { rm } from 'node:fs/promises'
import { floor } from '../../support/floor.mjs'
import { below } from '../../support/verdict.mjs'

export default async function huge({ file }) {
  const path = file('huge.h5')
  // The file consists mostly of holes; the read checks the marks written between them.
  await floor.h5py('make_huge', { path, elements: 2 ** 30 })
  const ours = await floor.ours('read_huge', { path, start: 2 ** 28 - 7, count: 5 * 2 ** 27 })
  const peer = await floor.h5py('read_huge', { path, start: 2 ** 28 - 7, count: 5 * 2 ** 27 })
  await rm(path)
  if (!ours.right || !peer.right) throw new Error('5 GiB are not what was written')
  return [
    below({
      what: 'read 5 GiB of an 8 GiB file at once (peer: h5py)',
      unit: 's',
      ours: [ours.seconds],
      peer: [peer.seconds],
    }),
  ]
}
