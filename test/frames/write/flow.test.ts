import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { defineLayout, FrameReader, FrameWriter, midlineLayout, recover } from 'h5tracks'
import { afterAll, describe, expect, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { Content } from '../../support/frames/content.js'
import { ColumnOracle } from '../../support/frames/oracle.js'
import { h5diff } from '../../support/hdf5/hdf5-tools.js'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { animal, CAMERAS, poses, sensor, written } from './layouts.js'

// The methods of FrameWriter that do not depend on the layout: streams, flush, drain, statistics, durability, resume.

const oracle = new ColumnOracle()
afterAll(() => oracle.end())

const sample = (i: number) => ({ volts: [i, -i], gain: i % 1000 })

describe('a writer of a sensor', () => {
  test('commits full blocks with drain, and every frame with flush', async () => {
    const path = scratch()
    await using writer = new FrameWriter(path, sensor, { chunkFrames: 10 })
    using reader = new FrameReader(path, sensor)
    for (let i = 0; i < 25; i++) writer.writeFrame(i, sample(i))
    await writer.drain()
    expect(reader.length).toBe(20)
    await writer.flush()
    expect(reader.length).toBe(25)
    writer.writeFrame(25, sample(25))
    writer.flushSync()
    expect(reader.length).toBe(26)
    expect(reader.readSync({ start: 24, stop: 26 }).volts.data).toEqual(Float32Array.of(24, -24, 25, -25))
  })

  test('counts frames, blocks and bytes', async () => {
    const path = scratch()
    await using writer = new FrameWriter(path, sensor, { chunkFrames: 10 })
    for (let i = 0; i < 25; i++) writer.writeFrame(i, sample(i))
    await writer.close()
    // Full blocks are counted; a frame has 8 bytes of the index, 8 of volts and 2 of gain.
    expect(writer.stats()).toMatchObject({ frames: 25, blocks: 2, queueDepth: 0 })
    expect(writer.stats().rawBytes).toBe(20 * 18)
    expect(writer).toMatchObject({ framesWritten: 25, length: 25, lastFrameIndex: 24, closed: true, isOpen: false })
  })

  test("says with durability: 'power' how many frames a loss of power cannot take", async () => {
    await using writer = new FrameWriter(scratch(), sensor, { chunkFrames: 10, durability: 'power' })
    for (let i = 0; i < 15; i++) writer.writeFrame(i, sample(i))
    await writer.drain()
    expect(writer.durableFrames).toBe(10)
    await writer.flush()
    expect(writer.durableFrames).toBe(15)
  })

  test('refuses every call after it was closed', async () => {
    const writer = new FrameWriter(scratch(), sensor)
    await writer.close()
    const frameIndex = new BigInt64Array(0)
    const calls = [
      () => writer.writeFrame(0, sample(0)),
      () => writer.writeFrames({ frameIndex, volts: new Float32Array(0), gain: new Uint16Array(0) }),
      () => writer.flush(),
      () => writer.drain(),
      () => writer.writable(),
    ]
    for (const call of calls) expect((await failure(call)).code).toBe('ERR_CLOSED')
    await writer.close()
  })

  test('refuses a call by a getter of the record that it is taking', async () => {
    await using writer = new FrameWriter(scratch(), sensor)
    const record = {
      volts: [1, 2],
      get gain() {
        writer.writeFrame(1, sample(1))
        return 3
      },
    }
    expect((await failure(() => writer.writeFrame(0, record))).message).toContain('getter')
    writer.writeFrame(0, sample(0))
    expect(writer.length).toBe(1)
  })
})

test('the frames of a reader can be piped into a writer, whatever the layouts', async () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const [path, piped] = [scratch('frames.h5'), scratch('piped.h5')]
    const content = new Content(seed)
    if (content.names) continue // several readers
    const options = { cameras: content.cameras, chunkFrames: 7 }
    const writer = new FrameWriter(path, content.layout, options)
    for (let i = 0; i < 30; i++) writer.writeFrame(...(content.frame(i) as [number, never, never]))
    await writer.close()
    using reader = new FrameReader(path)
    await pipeline(Readable.from(reader.frames()), new FrameWriter(piped, content.layout, options).writable())
    expect(await oracle.ask(piped, content.columns(0, 30))).toEqual({ rows: 30 })
    expect(await h5diff(path, piped, '/')).toMatchObject({ code: 0 })
  }
})

test('a stream that ends in a refused frame keeps the frames before it', async () => {
  const path = scratch()
  const frames = [0, 1, 2].map((i) => ({ frameIndex: i, record: i < 2 ? sample(i) : { volts: [1], gain: 0 } }))
  const error = await failure(() => pipeline(Readable.from(frames), new FrameWriter(path, sensor).writable()))
  expect(error).toMatchObject({ code: 'ERR_INVALID_RECORD', frame: 2 })
  expect(await askH5py(path, 'f["rig/sensor/gain"][()].tolist()')).toEqual([0, 1])
  expect(await recover(path)).toMatchObject({ action: 'none', frames: 2 })
})

describe('resume', () => {
  const frames = [
    [0, [animal(1)], { time: 0 }],
    [1, [], { time: 1 }],
  ] as [number, never, never][]

  test('continues a file with its layout, or with the one that is found in it', async () => {
    const whole = await written(
      poses,
      [...frames, [2, [animal(5)], { time: 2 }] as never, [3, [], { time: 3 }] as never],
      { cameras: CAMERAS },
    )
    const path = await written(poses, frames, { cameras: CAMERAS })
    using writer = FrameWriter.resumeSync(path, poses)
    expect(writer).toMatchObject({ length: 2, framesWritten: 0, lastFrameIndex: 1, cameraNames: CAMERAS })
    writer.writeFrame(2, [animal(5)], { time: 2 })
    await writer.close()
    await using found = await FrameWriter.resume(path)
    expect((await failure(() => found.writeFrame(2, [], { time: 2 }))).code).toBe('ERR_FRAME_ORDER')
    found.writeFrame(3, [], { time: 3 })
    await found.close()
    expect(await h5diff(whole, path, '/')).toMatchObject({ code: 0 })
  })

  test('continues several layouts, of which only the second has cameras', async () => {
    const layouts = { sensor, poses }
    const path = await written(layouts, [[0, { sensor: sample(0), poses: [animal(1)] }, { poses: { time: 0 } }]], {
      cameras: CAMERAS,
    })
    await using writer = await FrameWriter.resume(path, layouts)
    expect(writer.cameraNames).toEqual(CAMERAS)
    writer.writeFrame(1, { sensor: sample(1), poses: [animal(1)] }, { poses: { time: 1, dropped: ['side'] } })
    await writer.close()
    expect(await askH5py(path, 'f["poses/box/top"][:, 0].tolist()')).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ])
  })

  const { spec } = poses
  test.each([
    ['a layout of another group', sensor, '/rig/sensor'],
    [
      'a field that the file does not have',
      defineLayout({ ...spec, fields: { ...spec.fields, more: 'int8' } }),
      '/poses/more',
    ],
    ['a field of another type', defineLayout({ ...spec, fields: { ...spec.fields, count: 'int8' } }), '/poses/count'],
    [
      'a field of another shape',
      defineLayout({ ...spec, fields: { ...spec.fields, score: { type: 'float32', shape: [4] } } }),
      '/poses/score',
    ],
    [
      'an enum of other members',
      defineLayout({ ...spec, fields: { ...spec.fields, label: { type: 'enum', members: { idle: 1, feeding: 0 } } } }),
      '/poses/label',
    ],
    ['AquaPose\u2019s midlines', midlineLayout, '/midlines'],
  ])('refuses %s and names the dataset', async (_, layout, dataset) => {
    const path = await written(poses, frames, { cameras: CAMERAS })
    const error = await failure(() => FrameWriter.resume(path, layout))
    expect(error.code).toBe('ERR_FORMAT')
    expect(error.message).toContain(dataset)
    // The file is as it was.
    expect(await recover(path)).toMatchObject({ action: 'none', frames: 2 })
  })

  test.each([
    [{ cameras: ['side', 'top'] }, 'cameras'],
    [{ slots: 4 }, 'slots'],
    [{ chunkFrames: 7 }, 'chunkFrames'],
  ])('refuses a file that does not have %o', async (options, field) => {
    const path = await written(poses, frames, { cameras: CAMERAS })
    expect(await failure(() => FrameWriter.resume(path, poses, options))).toMatchObject({ code: 'ERR_FORMAT', field })
  })
})
