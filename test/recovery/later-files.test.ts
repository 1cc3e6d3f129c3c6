import { readFileSync, statSync } from 'node:fs'
import { recover, TrackingReader, TrackingWriter, type WriterOptions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { h5diff } from '../support/hdf5/hdf5-tools.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// The second file of a layout in a process gets the bytes that HDF5 made for the first.

const earlier = (options: WriterOptions) => `
  import { rmSync } from 'node:fs'
  const given = ${JSON.stringify({ chunkFrames: 10, ...options })}
  new TrackingWriter(path, ${JSON.stringify(CAMERAS)}, given).closeSync()
  rmSync(path)
`

describe('the second file of a process', () => {
  // The attributes may lie elsewhere, because HDF5 has read the group again.
  test.each([0, 3, 25])('has the objects, values and size of the first, with %i frames', async (count) => {
    // A level, because the default effort depends on the load of the machine.
    const options = { chunkFrames: 10, metadata: { fps: 60, lens: 0.5 }, compression: { level: 4 } }
    const first = await written(school(count), CAMERAS, options)
    const second = await written(school(count), CAMERAS, options)
    expect(await h5diff(second, first, '/')).toMatchObject({ code: 0 })
    expect(statSync(second).size).toBe(statSync(first).size)
    await expectFrames(second, school(count))
  })

  test('has its own metadata, cameras, slots and compression', async () => {
    const files: [string[], WriterOptions][] = [
      [['a', 'b'], {}],
      [['a', 'c'], {}],
      [['a', 'b'], { maxFish: 4 }],
      [['a', 'b'], { metadata: { scale: 0 } }],
      [['a', 'b'], { metadata: { scale: 0.5 } }],
      [['a', 'b'], { metadata: { scale: Number.NaN } }],
      [['a', 'b'], { metadata: { scale: 'none' } }],
      [['a', 'b'], { chunkFrames: 5 }],
      [['a', 'b'], { compression: { level: 9 } }],
    ]
    const images = await Promise.all(
      files.map(async ([cameras, options]) => readFileSync(await written([], cameras, options))),
    )
    expect(new Set(images.map((image) => image.toString('latin1'))).size).toBe(files.length)
  })

  test.each([
    ['before its first frame', 0, ''],
    ['in its first block', 7, ''],
    ['after its first block was committed', 10, 'await writer.drain()'],
    ['after a flush', 25, 'await writer.flush()'],
    ['while it closes', 25, 'void writer.close()'],
  ])('loses no accepted frame when it is killed %s', async (_, count, then) => {
    const path = await killed(count, { before: earlier({}) }, then)
    await recover(path)
    await expectFrames(path, school(count))
  })

  test('keeps other metadata than the first when it is killed', async () => {
    const path = await killed(25, {
      before: earlier({ metadata: { source: 'a', fps: 60 } }),
      metadata: { source: 'b' },
    })
    await recover(path)
    await expectFrames(path, school(25))
    using reader = new TrackingReader(path)
    expect(reader.metadata).toMatchObject({ source: 'b' })
    expect(reader.metadata).not.toHaveProperty('fps')
  })

  // HDF5 opens the file in the background, and refuses to open it for writing after it has opened it for reading.
  test('is read in its process as soon as its writer is made', async () => {
    const options = { chunkFrames: 10 }
    await written([], CAMERAS, options)
    for (let i = 0; i < 20; i++) {
      await using writer = new TrackingWriter(scratch(), CAMERAS, options)
      using reader = new TrackingReader(writer.path)
      for (const { frameIndex, tracks } of school(10)) writer.writeFrame(frameIndex, tracks)
      await writer.drain()
      expect(reader.length).toBe(10)
    }
  })

  test.each(['power', 'none'] as const)('keeps its frames with durability %s', async (durability) => {
    const options = { chunkFrames: 10, durability }
    await written(school(12), CAMERAS, options)
    await expectFrames(await written(school(12), CAMERAS, options), school(12))
  })

  test('replaces an existing file, and leaves it as it was if its run cannot begin', async () => {
    const options = { chunkFrames: 10, overwrite: true }
    const path = scratch()
    await written(school(12), CAMERAS, options, path)
    await expectFrames(await written(school(30), CAMERAS, options, path), school(30))
    const before = readFileSync(path)
    const open = new TrackingWriter(scratch(), CAMERAS, options)
    expect(() => new TrackingWriter(open.path, CAMERAS, options)).toThrow(
      expect.objectContaining({ code: 'ERR_LOCKED' }),
    )
    open.closeSync()
    expectBytes(path, before)
  })
})
