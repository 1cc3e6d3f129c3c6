import { defineLayout, FrameFileWriter, FrameReader, FrameWriter, poseLayout, TrackingReader } from 'h5tracks'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { failure } from '../../support/errors.js'
import { cameras, everyType, frames, openings, readings } from '../../support/frames/every-type.js'
import { scratch } from '../../support/scratch.js'

// FrameReader.follow yields the frames of any layout while they are written: from the journal, and from the file once they are committed.

const light = defineLayout({ group: 'light', fields: { volts: { type: 'int16', shape: [2] } } })

async function take<F>(following: AsyncIterator<F>, count: number): Promise<F[]> {
  const list: F[] = []
  while (list.length < count) {
    const next = await following.next()
    if (next.done) break
    list.push(next.value)
  }
  return list
}

describe.each(openings)('a file that is followed %s', (_, layout) => {
  test.each([1, 3, 100])('yields every frame with chunks of %i frames', async (chunkFrames) => {
    const path = scratch('animals.h5')
    const writer = new FrameWriter(path, everyType, { cameras, chunkFrames })
    const following = FrameReader.follow(path, layout as typeof everyType)
    for (const { index, records, perFrame } of frames.slice(0, 3)) writer.writeFrame(index, records, perFrame)
    expect(await take(following, 3)).toEqual(readings.slice(0, 3))
    const last = following.next()
    const { index, records, perFrame } = frames[3]
    writer.writeFrame(index, records, perFrame)
    expect(await last).toEqual({ value: readings[3], done: false })
    await writer.close()
    expect(await take(following, 1)).toEqual([])
    expect(await take(FrameReader.follow(path, layout as typeof everyType, { from: -2 }), 9)).toEqual(readings.slice(2))
  })
})

describe('two layouts in step', () => {
  const write = (path: string) => new FrameWriter(path, { animals: everyType, light }, { cameras, chunkFrames: 2 })
  const add = (writer: ReturnType<typeof write>, i: number) => {
    const { index, records, perFrame } = frames[i]!
    writer.writeFrame(index, { animals: records, light: { volts: [i, -i] } }, { animals: perFrame })
  }
  const lit = (i: number) => ({
    frameIndex: readings[i]!.frameIndex,
    record: { volts: Int16Array.of(i, -i) },
    perFrame: {},
  })

  test('are followed alone', async () => {
    const path = scratch('both.h5')
    const writer = write(path)
    for (let i = 0; i < 4; i++) add(writer, i)
    expect(await take(FrameReader.follow(path, everyType), 4)).toEqual(readings)
    expect(await take(FrameReader.follow(path, 'light'), 4)).toEqual([0, 1, 2, 3].map(lit))
    expect(await failure(() => FrameReader.follow(path).next())).toMatchObject({
      code: 'ERR_INVALID_ARGUMENT',
      field: 'layout',
    })
    await writer.close()
    expect(await take(FrameReader.follow(path, light), 9)).toEqual([0, 1, 2, 3].map(lit))
  })

  test('are followed together: the frames of a row one after another, with the names of their layouts', async () => {
    const path = scratch('both.h5')
    const writer = write(path)
    const expected = readings.flatMap((reading, i) => [
      { layout: 'lamp', ...lit(i) },
      { layout: 'fish', ...reading },
    ])
    const layouts = { lamp: light, fish: everyType } as const
    const following = FrameReader.follow(path, layouts)
    add(writer, 0)
    const seen = await take(following, 2)
    for (let i = 1; i < 4; i++) add(writer, i)
    seen.push(...(await take(following, 6)))
    expect(seen).toEqual(expected)
    await writer.close()
    expect(await take(following, 1)).toEqual([])
    const closed = await take(FrameReader.follow(path, layouts, { from: 1 }), 99)
    expect(closed).toEqual(expected.slice(2))
    const named = { lamp: 'light', fish: 'animals' }
    expect(await take(FrameReader.follow(path, named, { from: 1 }), 99)).toEqual(closed)
    for (const frame of closed) {
      if (frame.layout === 'lamp') expectTypeOf(frame.record.volts).toEqualTypeOf<Int16Array>()
      else expectTypeOf(frame.records[0]?.name ?? '').toEqualTypeOf<string>()
    }
  })
})

describe('two layouts at their own pace', () => {
  const layouts = { fish: everyType, lamp: light } as const
  const lit = (i: number) => ({ frameIndex: i, record: { volts: Int16Array.of(i, -i) }, perFrame: {} })
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

  test('are followed alone and together, each in its order, before and after the writer closes', async () => {
    const path = scratch('paces.h5')
    const file = new FrameFileWriter(path, layouts, { cameras, chunkFrames: { fish: 1, lamp: 7 } })
    const { fish, lamp } = file.writers
    const write = (i: number) => {
      const { index, records, perFrame } = frames[i]!
      fish.writeFrame(index, records, perFrame)
    }
    const light40 = (from: number, to: number) => {
      for (const i of range(from, to)) lamp.writeFrame(i, { volts: [i, -i] })
    }
    light40(0, 20)
    write(0)
    const following = FrameReader.follow(path, layouts)
    const seen = await take(following, 21)
    // Frames that arrive later come later, whatever their layout.
    write(1)
    seen.push(...(await take(following, 1)))
    expect(seen.at(-1)).toEqual({ layout: 'fish', ...readings[1] })
    light40(20, 22)
    seen.push(...(await take(following, 2)))
    expect(seen.slice(-2)).toEqual([20, 21].map((i) => ({ layout: 'lamp', ...lit(i) })))
    write(2)
    light40(22, 40)
    write(3)
    seen.push(...(await take(following, 20)))
    const of = (list: readonly { layout: string }[], layout: string) => list.filter((frame) => frame.layout === layout)
    const expected = [
      readings.map((reading) => ({ layout: 'fish', ...reading })),
      range(0, 40).map((i) => ({ layout: 'lamp', ...lit(i) })),
    ]
    expect([of(seen, 'fish'), of(seen, 'lamp')]).toEqual(expected)
    expect(await take(FrameReader.follow(path, everyType), 4)).toEqual(readings)
    expect(await take(FrameReader.follow(path, 'light', { from: -3 }), 3)).toEqual(range(37, 40).map(lit))
    await file.close()
    expect(await take(following, 1)).toEqual([])
    const closed = await take(FrameReader.follow(path, layouts), 99)
    expect([of(closed, 'fish'), of(closed, 'lamp')]).toEqual(expected)
    await using reader = new FrameReader(path, 'light')
    expect(reader.length).toBe(40)
  })
})

test('a live file of another layout is refused with ERR_FORMAT, which names the file', async () => {
  const path = scratch('light.h5')
  await using writer = new FrameWriter(path, light)
  writer.writeFrame(0, { volts: [1, 2] })
  for (const following of [
    () => TrackingReader.follow(path),
    () => FrameReader.follow(path, everyType),
    () => FrameReader.follow(path, 'poses'),
    () => FrameReader.follow(path, poseLayout({ nodes: ['nose'], dimensions: 2 })),
  ]) {
    const error = await failure(() => following().next())
    expect(error).toMatchObject({ code: 'ERR_FORMAT', path })
    expect(error.message).toContain(path)
  }
})

test('invalid arguments of follow are refused', async () => {
  const path = scratch('light.h5')
  for (const call of [
    () => FrameReader.follow(path, light, { from: 1.5 }),
    () => FrameReader.follow(path, 7 as never),
    () => FrameReader.follow(path, { form: 0 } as never),
    () => FrameReader.follow(path, { a: light, b: 7 } as never),
  ]) {
    expect(await failure(call)).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  }
})
