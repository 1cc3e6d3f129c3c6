import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineLayout, FrameReader, TrackingReader } from 'h5tracks'
import { openRun, readRun, type TrackingRunWriter } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, expectRun, options, tracks } from './shards.js'

// One attempt after the other at a run: shards, takeover, sealing, refusals.

async function write(run: TrackingRunWriter, to: number) {
  for (let frame = run.nextFrame; frame < to; frame++) if (!run.writeFrame(frame, tracks(frame))) await run.drain()
}

const logOf = (target: string) => readdirSync(join(target, 'log')).sort()

describe('a run', () => {
  test('a run publishes whole shards and a shorter last one, in one folder, and seal returns them', async () => {
    const target = scratch('tank-7')
    const run = await openRun(target, options)
    expect(run).toMatchObject({ name: target, epoch: 1, nextFrame: 0, length: 0, sealed: false, shardFrames: 20 })
    await write(run, 45)
    expect(run).toMatchObject({ nextFrame: 45, length: 45 })
    const sealed = await run.seal()
    expect(sealed).toEqual(await expectRun(target, 45))
    expect(sealed).toMatchObject({ recording: 'tank-7', attempts: 1, lastError: null })
    expect(sealed.shards.map(({ frames }) => frames)).toEqual([20, 20, 5])
    expect(logOf(target)).toHaveLength(4)
    expect(readdirSync(join(target, 'shards'))).toEqual(sealed.shards.map(({ name }) => name))
    expect(sealed.contents).toMatchObject({ cameras: CAMERAS, slots: 3, chunkFrames: 10 })
  })

  test('batches that cross the end of shards are written whole', async () => {
    const source = await openRun(scratch('source'), { ...options, shardFrames: 100 })
    await write(source, 95)
    const [shard] = (await source.seal()).shards
    const reader = new TrackingReader((shard as { path: string }).path)
    const target = scratch('run')
    await using run = await openRun(target, options)
    for (const [start, stop] of [
      [0, 7],
      [7, 7],
      [7, 70],
      [70, 95],
    ] as const) {
      if (!run.writeFrames(await reader.read({ start, stop }))) await run.drain()
    }
    reader.close()
    await run.seal()
    expect((await expectRun(target, 95)).shards.map(({ frames }) => frames)).toEqual([20, 20, 20, 20, 15])
  })

  test('a run of a layout has its records, also in step with another layout', async () => {
    const pose = defineLayout({
      group: 'poses',
      slots: { name: 'animalId', max: 2 },
      perFrame: { time: { type: 'float64' } },
      fields: { nose: { type: 'float32', shape: [2] }, label: { type: 'string', length: 8 } },
    })
    const sensor = defineLayout({ group: 'sensor', fields: { volts: { type: 'float32' } } })
    const target = scratch('run')
    const common = { chunkFrames: 5, shardFrames: 10 }
    {
      await using run = await openRun(target, { layout: { pose, sensor }, ...common })
      for (let i = 0; i < 12; i++) {
        run.writeFrame(
          i,
          { pose: [{ animalId: 1, nose: [i, 2], label: `f${i}` }], sensor: { volts: i } },
          { pose: { time: i / 4 } },
        )
      }
    }
    await using run = await openRun(target, { layout: { pose, sensor }, ...common })
    expect(run.nextFrame).toBe(10)
    run.writeFrames({
      pose: {
        frameIndex: BigInt64Array.from({ length: 13 }, (_, i) => BigInt(10 + i)),
        time: Float64Array.from({ length: 13 }, (_, i) => (10 + i) / 4),
        animalId: Int32Array.from({ length: 26 }, (_, i) => (i % 2 ? -1 : 1)),
        nose: Float32Array.from({ length: 52 }, (_, i) =>
          i % 4 > 1 ? Number.NaN : i % 4 === 1 ? 2 : 10 + Math.floor(i / 4),
        ),
        label: Array.from({ length: 26 }, (_, i) => (i % 2 ? '' : `f${10 + i / 2}`)),
      },
      sensor: {
        frameIndex: BigInt64Array.from({ length: 13 }, (_, i) => BigInt(10 + i)),
        volts: Float32Array.from({ length: 13 }, (_, i) => 10 + i),
      },
    })
    const { shards } = await run.seal()
    let expected = 0
    for (const shard of shards) {
      const poses = new FrameReader((shard as { path: string }).path, pose)
      const volts = new FrameReader((shard as { path: string }).path, sensor)
      const read = await volts.read()
      for await (const { frameIndex, records, perFrame } of poses.frames()) {
        expect({ frameIndex, records, perFrame }).toEqual({
          frameIndex: expected,
          records: [{ animalId: 1, nose: Float32Array.of(expected, 2), label: `f${expected}` }],
          perFrame: { time: expected / 4 },
        })
        expect(read.volts.data[expected % 10]).toBe(expected)
        expected++
      }
      poses.close()
      volts.close()
    }
    expect(expected).toBe(23)
  })

  test('an attempt that ends without seal leaves its whole shards, and the next one continues after them', async () => {
    const target = scratch('run')
    {
      await using run = await openRun(target, options)
      await write(run, 57)
    }
    await expectRun(target, 40, 'open')
    await using run = await openRun(target, options)
    expect(run).toMatchObject({ epoch: 2, nextFrame: 40, length: 40, publishedFrames: 40 })
    await write(run, 63)
    await run.seal()
    expect(await expectRun(target, 63)).toMatchObject({ attempts: 2 })
  })

  test('an attempt at a sealed run has nothing to write, appends nothing, and seals again without an error', async () => {
    const target = scratch('run')
    const first = await openRun(target, options)
    await write(first, 25)
    const sealed = await first.seal()
    expect(await first.seal()).toEqual(sealed)
    const log = logOf(target)
    await using again = await openRun(target, options)
    expect(again).toMatchObject({ sealed: true, nextFrame: 25 })
    expect(await failure(() => again.writeFrame(25, tracks(25)))).toMatchObject({ code: 'ERR_CLOSED' })
    expect(await again.seal()).toEqual(sealed)
    expect(logOf(target)).toEqual(log)
  })

  test('a run without frames can be sealed', async () => {
    const target = scratch('run')
    await (await openRun(target, options)).seal()
    expect(await expectRun(target, 0)).toMatchObject({ shards: [] })
  })

  test('indices that skip frames continue after the last one', async () => {
    const target = scratch('run')
    {
      await using run = await openRun(target, options)
      for (let i = 0; i < 20; i++) run.writeFrame(3 * i, tracks(i))
    }
    await using run = await openRun(target, options)
    expect(run).toMatchObject({ nextFrame: 58, length: 20 })
    expect(await failure(() => run.writeFrame(57, tracks(0)))).toMatchObject({ code: 'ERR_FRAME_ORDER', frame: 57 })
    expect(await failure(() => run.writeFrame(2 ** 60, tracks(0)))).toMatchObject({ code: 'ERR_INVALID_ARGUMENT' })
  })

  test('a caller that never waits gets all of its frames published', async () => {
    const target = scratch('run')
    await using run = await openRun(target, options)
    const answers = Array.from({ length: 200 }, (_, frame) => run.writeFrame(frame, tracks(frame)))
    expect(answers).toContain(false)
    await run.seal()
    await expectRun(target, 200)
  })

  test('a refused frame leaves no trace, also as the first of a shard', async () => {
    const target = scratch('run')
    await using run = await openRun(target, options)
    await write(run, 20)
    for (const at of [20, 20]) {
      expect(await failure(() => run.writeFrame(at, [...tracks(at), ...tracks(at)]))).toMatchObject({
        code: 'ERR_DUPLICATE_FISH',
      })
    }
    expect(await failure(() => run.writeFrame(19, tracks(19)))).toMatchObject({ code: 'ERR_FRAME_ORDER' })
    await write(run, 31)
    await run.seal()
    await expectRun(target, 31)
  })

  test('scratch files are removed at the end of an attempt, and those of dead processes by the next attempt', async () => {
    const [target, folder] = [scratch('run'), scratch('scratch')]
    const run = await openRun(target, { ...options, scratch: folder })
    await write(run, 5)
    const [own = ''] = readdirSync(folder)
    expect(readdirSync(join(folder, own)).filter((name) => name.endsWith('.h5'))).toHaveLength(1)
    // That of a process that is alive stays until it ends.
    const next = await openRun(target, { ...options, scratch: folder })
    expect(readdirSync(folder)).toHaveLength(2)
    await run.close()
    await next.close()
    expect(readdirSync(folder)).toEqual([])
    const { stdout: pid } = await runNode('console.log(process.pid)')
    mkdirSync(join(folder, own.replace(`-${process.pid}-`, `-${pid.trim()}-`)))
    await (await openRun(target, { ...options, scratch: folder })).close()
    expect(readdirSync(folder)).toEqual([])
  })

  test('shards that an attempt put without an entry are removed by the next attempt', async () => {
    const target = scratch('run')
    const run = await openRun(target, options)
    await write(run, 20)
    await run.close()
    const orphan = join(target, 'shards/000000000020-e1-0badcafe.h5')
    writeFileSync(orphan, 'a shard')
    // What remains of a copy from a scratch disk of another file system.
    writeFileSync(`${orphan}.7a0e6d1c-54cd-4c11-8a55-5d3e1c0f4e55.partial`, 'half a shard')
    const { shards } = await (await openRun(target, options)).seal()
    expect(readdirSync(join(target, 'shards'))).toEqual(shards.map(({ name }) => name))
    await expectRun(target, 20)
  })
})

describe('refusals', () => {
  test('options that a run cannot have are refused before the disk is touched', async () => {
    const target = scratch('run')
    const refused = async (more: object, field: string) =>
      expect(await failure(() => openRun(target, { ...options, ...more } as never))).toMatchObject({
        code: 'ERR_INVALID_ARGUMENT',
        field,
      })
    await refused({ shardFrames: 25 }, 'shardFrames')
    await refused({ overwrite: true }, 'overwrite')
    await refused({ frameOrder: 'any' }, 'frameOrder')
    await refused({ durability: 'none' }, 'durability')
    await refused({ cameras: 'north' }, 'cameras')
    await refused({ fish: 3 }, 'fish')
    await refused({ signal: 'now' }, 'signal')
    expect(existsSync(target)).toBe(false)
  })

  test.each([
    ['cameras', { cameras: ['north', 'west'] }],
    ['maxFish', { maxFish: 4 }],
    ['chunkFrames', { chunkFrames: 20 }],
    ['layout', { layout: defineLayout({ group: 'tracking', fields: { x: { type: 'float32' } } }), maxFish: undefined }],
  ])('an attempt with other %s than the shards that count is refused', async (field, other) => {
    const target = scratch('run')
    await (await openRun(target, options)).close()
    const { maxFish, ...rest } = { ...options, ...other }
    const given = { ...rest, ...(maxFish !== undefined && { maxFish }) } as typeof options
    expect(await failure(() => openRun(target, given))).toMatchObject({ code: 'ERR_FORMAT', field, path: target })
    expect(logOf(target)).toHaveLength(1)
  })

  test('shards may get another length from one attempt to the next', async () => {
    const target = scratch('run')
    const first = await openRun(target, options)
    await write(first, 20)
    await first.close()
    const run = await openRun(target, { ...options, shardFrames: 30 })
    await write(run, 90)
    await run.seal()
    expect((await expectRun(target, 90)).shards.map(({ frames }) => frames)).toEqual([20, 30, 30, 10])
  })

  test('errors of the system keep their names', async () => {
    const file = scratch('file')
    writeFileSync(file, '')
    expect(await failure(() => openRun(join(file, 'run'), options))).toMatchObject({ code: 'ENOTDIR' })
    expect(await failure(() => readRun(join(file, 'run')))).toMatchObject({ code: 'ENOTDIR' })
    const elsewhere = { ...options, scratch: join(file, 'scratch') }
    expect(await failure(() => openRun(scratch('run'), elsewhere))).toMatchObject({ code: 'ENOTDIR' })
  })

  test('readRun says that a folder is no run, and what is wrong with a damaged log', async () => {
    const target = scratch('run')
    expect(await failure(() => readRun(target))).toMatchObject({ code: 'ERR_NOT_FOUND', path: target })
    const run = await openRun(target, options)
    await write(run, 60)
    await run.seal()
    rmSync(join(target, 'log/00000003.json'))
    expect(await failure(() => readRun(target))).toMatchObject({ code: 'ERR_FORMAT' })
    expect(await failure(() => openRun(target, options))).toMatchObject({ code: 'ERR_FORMAT' })
    writeFileSync(join(target, 'log/00000003.json'), '{"version": 2}')
    expect((await failure(() => readRun(target))).message).toMatch(/00000003.json has version 2/)
  })
})
