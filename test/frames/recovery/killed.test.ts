import { existsSync, readFileSync, rmSync } from 'node:fs'
import { check, FrameReader, FrameWriter, recover, recoverSync } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5tracks } from '../../cli/command.js'
import { expectBytes } from '../../support/bytes.js'
import { failure } from '../../support/errors.js'
import { columnsByH5py } from '../../support/frames/columns.js'
import { runNode } from '../../support/process.js'
import { h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { journalOf, mustBeKilled } from '../../support/tracking/journal.js'
import { open, write } from './writer.js'

// A killed FrameWriter leaves a journal. recover() restores every frame of every layout; without the journal, acceptLoss keeps
// what the file holds.

type Which = 'both' | 'animals' | 'sensor'
const groups = { both: ['animals', 'rig/sensor'], animals: ['animals'], sensor: ['rig/sensor'] }

/** The file of a writer that was killed after `count` frames and `then`. */
async function killed(which: Which, count: number, then = '', options = {}): Promise<string> {
  const path = scratch()
  const source = `
    import { open, write } from ${JSON.stringify(new URL('writer.js', import.meta.url).href)}
    const writer = open(process.argv[2], '${which}', ${JSON.stringify(options)})
    await write(writer, '${which}', 0, ${count})
    ${then}
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})`
  mustBeKilled(await runNode(source, [path]))
  return path
}

/** The same frames in a file that was closed. */
async function closed(which: Which, count: number): Promise<string> {
  const path = scratch()
  await using writer = open(path, which, {})
  await write(writer, which, 0, count)
  return path
}

/** Compares all values with those of a writer that closed its file, as h5py reads them. */
async function expectFrames(path: string, which: Which, count: number) {
  const whole = await closed(which, count)
  for (const group of groups[which]) expect(await columnsByH5py(path, group)).toEqual(await columnsByH5py(whole, group))
  const { findings } = await check(path)
  expect(findings.filter(({ severity, code }) => severity === 'error' && code !== 'frames-lost')).toEqual([])
}

const report = (path: string, which: Which, frames: number) => {
  const last = { frames, lastFrameIndex: frames === 0 ? null : 2 * (frames - 1) }
  const layouts = groups[which].map((name) => ({ name, ...last }))
  return { path, ...last, ...(layouts.length > 1 && { layouts }), lost: [] }
}

describe.each(['both', 'animals', 'sensor'] as const)('a killed writer of %s', (which) => {
  test.each([
    [0, ''],
    [7, ''],
    [20, ''],
    [133, ''],
    [25, 'void writer.flush()'],
    [25, 'await writer.flush()'],
    [45, 'await writer.drain()'],
  ])('loses none of its %d frames, killed after %j', async (count, then) => {
    const path = await killed(which, count, then)
    expect(await recover(path)).toEqual({ ...report(path, which, count), action: 'rebuilt' })
    expect(existsSync(journalOf(path))).toBe(false)
    await expectFrames(path, which, count)
    expect(recoverSync(path)).toEqual({ ...report(path, which, count), action: 'none' })
  })
})

describe('a file of two layouts without its journal', () => {
  async function left(count: number, then: string, options = {}) {
    const path = await killed('both', count, then, options)
    rmSync(journalOf(path), { force: true })
    return path
  }

  test('is refused, and acceptLoss keeps the frames that it holds of both layouts, value by value', async () => {
    const path = await left(47, 'await writer.flush()')
    const before = readFileSync(path)
    expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_NOT_CLOSED', path })
    expect(await failure(() => FrameWriter.resume(path))).toMatchObject({ code: 'ERR_NOT_CLOSED', path })
    expectBytes(path, before)

    const loss = expect.stringMatching(/its journal is missing: an unknown number of frames after the first 47$/)
    const keptAs = `${path}.unclosed`
    expect(await recover(path, { acceptLoss: true })).toEqual({
      ...report(path, 'both', 47),
      action: 'salvaged',
      lost: [loss],
      keptAs,
    })
    expectBytes(keptAs, before)
    await expectFrames(path, 'both', 47)
    using reader = new FrameReader(path, 'animals')
    expect(reader.closedCleanly).toBe(true)
    const { findings, information } = await check(path)
    expect(findings).toMatchObject([{ code: 'frames-lost', text: expect.stringContaining('after the first 47') }])
    expect(information).toMatchObject([{ code: 'missing-frames' }, { code: 'missing-frames' }])
  })

  test('loses a frame from both layouts if one of them has lost it', async () => {
    const path = await left(47, 'await writer.flush()')
    // The partial chunk of one dataset is overwritten, as a later one may be stored in its place.
    await h5py(
      path,
      'r+',
      `d = f["rig/sensor/volts"]
d.id.write_direct_chunk((40, 0), np.ones((10, 3), "f4").tobytes(), filter_mask=0xffffffff)`,
    )
    expect(recoverSync(path, { acceptLoss: true })).toMatchObject({
      ...report(path, 'both', 40),
      lost: [expect.any(String)],
    })
    await expectFrames(path, 'both', 40)
  })

  test('can be continued with acceptLoss, without a layout', async () => {
    const path = await left(25, 'await writer.flush()', { durability: 'none' })
    await using writer = await FrameWriter.resume(path, undefined, { acceptLoss: true })
    expect(Object.keys(writer.layout)).toEqual(groups.both)
    expect(writer.lastFrameIndex).toBe(48)
  })
})

test('h5tracks recover names the frames of each layout', async () => {
  const path = await killed('both', 13)
  expect(await h5tracks(['recover', path])).toMatchObject({
    code: 0,
    stdout: `${path}: recovered: 13 frames of animals, the last is number 24; 13 frames of rig/sensor, the last is number 24\n`,
  })
  const { stdout } = await h5tracks(['recover', path, '--json'])
  expect(JSON.parse(stdout)).toEqual({ ...report(path, 'both', 13), action: 'none' })
})
