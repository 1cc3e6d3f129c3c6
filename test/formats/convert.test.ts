import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { defineLayout, FrameFileWriter, FrameReader } from 'h5tracks'
import { BatchBuilder, convert, detectFormat, formats, openRecordings } from 'h5tracks/formats'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { columnsByH5py } from '../support/frames/columns.js'
import { cameras, everyType, writtenFrames } from '../support/frames/every-type.js'
import { scratch } from '../support/scratch.js'

const sensor = defineLayout({ group: 'rig/sensor', fields: { volts: 'float64' }, attributes: { gain: 3 } })

describe('h5tracks files', () => {
  test('a file with a field of every type is the same after a conversion', async () => {
    const [from, to] = [await writtenFrames(), scratch('copy.h5')]
    const done = await convert(from, to)
    expect(done).toMatchObject({ from: 'h5tracks', to: 'h5tracks', recordings: [{ name: 'animals', frames: 4 }] })
    expect(await columnsByH5py(to, 'animals')).toEqual(await columnsByH5py(from, 'animals'))
    using reader = new FrameReader(to)
    expect(reader.cameraNames).toEqual(cameras)
  })

  test('every layout of a file becomes a recording, and one of them can be chosen', async () => {
    const [from, to, one] = [scratch('rig.h5'), scratch('all.h5'), scratch('one.h5')]
    const file = new FrameFileWriter(from, { animals: everyType, sensor }, { cameras, metadata: { fps: 30 } })
    file.writers.sensor.writeFrame(1, { volts: 0.5 })
    file.writers.sensor.writeFrame(2, { volts: -1 })
    file.writers.animals.writeFrame(7, [], { time: 1 })
    await file.close()
    await convert(from, to)
    for (const group of ['animals', 'rig/sensor']) {
      expect(await columnsByH5py(to, group)).toEqual(await columnsByH5py(from, group))
    }
    using reader = new FrameReader(to, sensor)
    expect(reader.metadata).toMatchObject({ gain: 3, fps: 30 })
    await convert(from, one, { recordings: ['rig/sensor'], metadata: { fps: 25 } })
    expect(FrameReader.layoutsSync(one)).toEqual(['rig/sensor'])
    expect(new FrameReader(one).metadata).toMatchObject({ fps: 25 })
    const error = await failure(() => convert(from, scratch('none.h5'), { recordings: ['poses'] }))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'recordings' })
    expect(error.message).toMatch(/has no recording 'poses'; it has 'animals', 'rig\/sensor'/)
  })
})

describe('outputs', () => {
  test('an existing file is replaced only if that is asked for', async () => {
    const [from, to] = [await writtenFrames(), scratch('there.h5')]
    writeFileSync(to, 'mine')
    expect(await failure(() => convert(from, to))).toMatchObject({ code: 'EEXIST' })
    expect(readFileSync(to, 'utf8')).toBe('mine')
    await convert(from, to, { overwrite: true })
    expect((await detectFormat(to)).name).toBe('h5tracks')
  })

  test('an error leaves nothing under the name of the output, nor beside it', async () => {
    const from = await writtenFrames()
    const bytes = readFileSync(from)
    const [cut, to] = [scratch('cut.h5'), scratch('out.h5')]
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2))
    expect((await failure(() => convert(cut, to))).message).toContain(cut)
    expect(readdirSync(dirname(to))).toEqual([])
    expect(existsSync(to)).toBe(false)
  })

  test('a name that no format has, and one of an unknown format, are refused', async () => {
    const from = await writtenFrames()
    const error = await failure(() => convert(from, scratch('out.xyz')))
    expect(error).toMatchObject({ code: 'ERR_INVALID_ARGUMENT', field: 'to' })
    expect(await failure(() => convert(from, scratch('out.h5'), { to: 'nothing' }))).toMatchObject({ field: 'to' })
    expect(await failure(() => convert(from, scratch('out.h5'), { fps: 3 }))).toMatchObject({ field: 'fps' })
  })

  test('an input of no format is refused with the list of formats', async () => {
    const from = scratch('notes.bin')
    writeFileSync(from, Buffer.from([1, 2, 3, 0, 5]))
    const error = await failure(() => convert(from, scratch('out.h5')))
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path: from })
    expect(error.message).toMatch(/none of the formats that h5tracks reads \(h5tracks/)
  })
})

test('a batch that is built from records in any order has them by ascending key', async () => {
  const layout = defineLayout({
    group: 'tracks',
    slots: { name: 'individual', max: 3 },
    fields: { xy: { type: 'float32', shape: [2] }, ok: 'bool' },
  })
  const builder = new BatchBuilder(layout)
  builder.add(4, [
    { key: 7, xy: [1, 2], ok: true },
    { key: 2, xy: [3, 4] },
  ])
  const batch = builder.take() as Record<string, { data: ArrayLike<unknown> }>
  expect([...Array.from(batch.individual!.data)]).toEqual([2, 7, -1])
  expect(Array.from(batch.xy!.data)).toEqual([3, 4, 1, 2, NaN, NaN])
  expect(Array.from(batch.ok!.data)).toEqual([0, 1, 0])
})

test('the recordings of a file are streams that can be read again', async () => {
  await using opened = await openRecordings(await writtenFrames())
  const [recording] = opened.recordings
  for (const _ of [1, 2]) {
    let frames = 0
    for await (const batch of recording!.batches()) frames += (batch.frameIndex as { data: BigInt64Array }).data.length
    expect(frames).toBe(4)
  }
  expect(formats.map(({ name }) => name)).toContain(opened.format.name)
})
