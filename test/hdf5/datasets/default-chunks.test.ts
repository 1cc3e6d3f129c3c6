/** The chunk shape that is chosen when none is given. */
import { File } from 'h5tracks/hdf5'
import { expect, test } from 'vitest'

const random = (() => {
  let state = 7
  return (n: number) => {
    state = (state * 1103515245 + 12345) % 2 ** 31
    return Math.floor((state / 2 ** 31) * n)
  }
})()

test('a default chunk is not longer than its axis can become', async () => {
  using file = File.inMemory()
  const dataset = await file.createDataset('d', { type: 'float64', shape: [3], maxShape: [10] }, [1, 2, 3])
  expect((await dataset.details()).chunks).toEqual([10])
  await dataset.resize([10])
  expect((await dataset.read()).data).toEqual(Float64Array.of(1, 2, 3, 0, 0, 0, 0, 0, 0, 0))
})

test('default chunks fit any extent and maximum', async () => {
  using file = File.inMemory()
  const types = ['int8', 'float64', { class: 'opaque', size: 5000 }] as const
  for (let i = 0; i < 300; i++) {
    const shape = Array.from({ length: 1 + random(4) }, () => random(3) * random(40))
    const maxShape = shape.map((extent) => [extent, null, extent + random(2000), extent + 1][random(4)]!)
    const dataset = await file.createDataset(String(i), {
      type: types[random(3)]!,
      shape,
      maxShape: maxShape as (number | null)[],
      chunks: true,
    })
    const { chunks } = await dataset.details()
    for (const [axis, extent] of chunks!.entries()) {
      expect(extent).toBeLessThanOrEqual(Math.max(1, maxShape[axis] ?? Number.POSITIVE_INFINITY))
    }
    dataset.close()
  }
})
