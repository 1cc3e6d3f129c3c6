import { defineLayout, FrameWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// A layout that got a field after files had been written with it.

const before = defineLayout({ group: 'fish', fields: { length: 'float32' } })
const depth = { type: 'float32', shape: [2] } as const
const grown = defineLayout({
  group: 'fish',
  fields: { length: 'float32', depth: { ...depth, inFile: 'optional' } },
})
const demanding = defineLayout({ group: 'fish', fields: { length: 'float32', depth } })

async function older() {
  const path = scratch('fish.h5')
  const writer = new FrameWriter(path, before)
  writer.writeFrame(0, { length: 1 })
  await writer.close()
  return path
}

test('a file that lacks a field is continued without it, and values of it are refused', async () => {
  const path = await older()
  const writer = await FrameWriter.resume(path, grown)
  const error = await failure(() => writer.writeFrame(1, { length: 2, depth: [3, 4] }))
  expect(error).toMatchObject({ code: 'ERR_INVALID_RECORD', frame: 1 })
  expect(error.message).toContain("'depth'")
  writer.writeFrame(1, { length: 2 })
  await writer.close()
  const read = '[sorted(f["fish"]), f["fish/length"][:].tolist()]'
  expect(await askH5py(path, read)).toEqual([
    ['frame', 'frame_index', 'length'],
    [1, 2],
  ])
})

test('a new file has the field', async () => {
  const path = scratch('fish.h5')
  const writer = new FrameWriter(path, grown)
  writer.writeFrame(0, { length: 1, depth: [3, 4] })
  writer.writeFrame(1, { length: 2 })
  await writer.close()
  expect(await askH5py(path, '[str(v) for v in f["fish/depth"][:].ravel()]')).toEqual(['3.0', '4.0', 'nan', 'nan'])
})

test('a layout that requires the field does not fit a file that lacks it', async () => {
  const path = await older()
  const error = await failure(() => FrameWriter.resume(path, demanding))
  expect(error.code).toBe('ERR_FORMAT')
  expect(error.message).toContain("'/fish/depth': expected a dataset; found nothing of that name")
})

test('a file is not continued with a layout that lacks one of its fields', async () => {
  const path = scratch('fish.h5')
  const writer = new FrameWriter(path, grown)
  writer.writeFrame(0, { length: 1, depth: [3, 4] })
  await writer.close()
  const error = await failure(() => FrameWriter.resume(path, before))
  expect(error.code).toBe('ERR_FORMAT')
  expect(error.message).toContain("'depth'")
})
