import { statSync } from 'node:fs'
import { readTrackingResults, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { type RecordingKind, recording, recordingKinds } from '../../../lib/simulate/recordings.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { sameInH5py } from '../../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// By default a file is not larger than AquaPose's: the same datasets with gzip 4 and without shuffle, in a file of h5py.

/** Bytes of the file that h5py makes of another one's datasets, with AquaPose's filters. */
async function aquaposeSize(path: string): Promise<number> {
  const copy = scratch()
  await h5py(
    path,
    'r',
    `
def copy(name, d):
  if isinstance(d, h5py.Dataset):
    to.create_dataset(name, data=d[()], maxshape=d.maxshape, chunks=d.chunks, fillvalue=d.fillvalue, compression=4)
  else:
    to.require_group(name)
with h5py.File(${JSON.stringify(copy)}, 'w') as to:
  f.visititems(copy)
  to['tracking'].attrs['camera_names'] = list(f['tracking'].attrs['camera_names'])
`,
  )
  return statSync(copy).size
}

const write = (kind: RecordingKind, options: WriterOptions = {}) =>
  written(recording(kind), kind.cameras, { maxFish: kind.slots, ...options })

describe.each(recordingKinds)('$name', (kind) => {
  test(`${kind.name}: the file takes at most 0.9 of AquaPose's, and every reader reads the same values`, async () => {
    const frames = [...recording(kind)]
    const path = await write(kind)
    expect(statSync(path).size / (await aquaposeSize(path))).toBeLessThanOrEqual(0.9)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, kind.cameras, kind.slots))
    await sameInH5py(path, { cameras: kind.cameras, maxFish: kind.slots }, frames)
  })
})
