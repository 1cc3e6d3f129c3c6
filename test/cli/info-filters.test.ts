import { expect, test } from 'vitest'
import { recording, recordingKinds } from '../../lib/simulate/recordings.js'
import { askH5py } from '../support/python.js'
import { written } from '../support/tracking/writing.js'
import { h5tracks } from './served.js'

interface DatasetStorage {
  chunks: number
  ratio: number
  skipped: { shuffle?: number }
}

test('info says of each dataset how many of its chunks skip shuffle, as h5py counts them, also with --untrusted', async () => {
  const kind = recordingKinds.find(({ name }) => name === 'ids that come and go')!
  const options = { maxFish: kind.slots, chunkFrames: 100, compression: 'small' } as const
  const path = await written(recording(kind), kind.cameras, options)
  const skipping = (dataset: string) =>
    askH5py<number>(
      path,
      `(lambda d: sum(int(d.id.get_chunk_info(i).filter_mask == 1) for i in range(d.id.get_num_chunks())))(f["tracking/${dataset}"])`,
    )
  const { stdout } = await h5tracks(['info', path, '--json'])
  const datasets = Object.entries(JSON.parse(stdout).storage.datasets as Record<string, DatasetStorage>)
  expect(datasets).toHaveLength(9)
  for (const [name, { chunks, ratio, skipped }] of datasets) {
    const n = await skipping(name)
    expect({ chunks, skipped }, name).toEqual({ chunks: 8, skipped: n === 0 ? {} : { shuffle: n } })
    expect(ratio).toBeGreaterThan(1)
  }
  expect((await h5tracks(['info', path, '--json', '--untrusted'])).stdout).toBe(stdout)

  const [name, { skipped }] = datasets.find(([, dataset]) => dataset.skipped.shuffle)!
  const filters = `shuffle, deflate 9; ${skipped.shuffle} of 8 chunks without shuffle`
  expect((await h5tracks(['info', path])).stdout).toMatch(
    new RegExp(`^ +${name} +[\\d.]+ k?B +[\\d.]+ to 1 +${filters}$`, 'm'),
  )
})
