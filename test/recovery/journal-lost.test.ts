import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import {
  check,
  readTrackingResults,
  readTrackingResultsSync,
  recover,
  recoverSync,
  TrackingReader,
  TrackingWriter,
} from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { failure } from '../support/errors.js'
import { askH5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// The file of a killed writer without its journal. The frames that were in the journal are lost; every function that opens
// the file reports this and refuses it unless acceptLoss is true, and the recovered file records the loss.

async function first<T>(frames: AsyncGenerator<T>): Promise<T | undefined> {
  for await (const frame of frames) return frame
  return undefined
}

/** Every function that opens a file, with the option that accepts the loss. */
const doors: Record<string, (path: string, options: { acceptLoss?: boolean }) => unknown> = {
  TrackingReader: (path, options) => new TrackingReader(path, options).close(),
  'TrackingReader.open': async (path, options) => (await TrackingReader.open(path, options)).close(),
  'TrackingReader.open, untrusted': async (path, options) =>
    await (await TrackingReader.open(path, { untrusted: true, ...options })).close(),
  'TrackingReader.follow': (path, options) => first(TrackingReader.follow(path, options)),
  readTrackingResults: (path, options) => readTrackingResults(path, options),
  'readTrackingResults, untrusted': (path, options) => readTrackingResults(path, { untrusted: true, ...options }),
  readTrackingResultsSync: (path, options) => readTrackingResultsSync(path, options),
  recover: (path, options) => recover(path, options),
  recoverSync: (path, options) => recoverSync(path, options),
  'TrackingWriter.resume': async (path, options) => await (await TrackingWriter.resume(path, options)).close(),
  'TrackingWriter.resumeSync': (path, options) => TrackingWriter.resumeSync(path, options).closeSync(),
}

/** The file of a writer that was killed after `count` frames, without its journal: HDF5's index has only the flushed frames. */
async function left(count: number, then = '', options: Parameters<typeof killed>[1] = {}): Promise<string> {
  const path = await killed(count, options, then)
  rmSync(journalOf(path), { force: true })
  return path
}

describe.each([
  ['before its first frame', 0, ''],
  ['in its first block', 7, ''],
  ['after several blocks', 653, ''],
  ['after it drained', 40, 'await writer.drain()'],
  ['after it flushed', 25, 'await writer.flush()'],
])('a file without its journal, whose writer was killed %s', (when, count, then) => {
  test(`every function refuses a file without its journal, unchanged, when its writer was killed ${when}`, async () => {
    const path = await left(count, then)
    const before = readFileSync(path)
    for (const [name, open] of Object.entries(doors)) {
      const error = await failure(() => open(path, {}))
      expect(error, name).toMatchObject({ code: 'ERR_NOT_CLOSED', path })
      expect(error.message, name).toContain('was not closed by its writer, and its journal is missing')
      expect(error.message, name).toContain('acceptLoss: true')
    }
    const { findings } = await check(path)
    expect(findings.map(({ code }) => code)).toEqual(['unclean-shutdown'])
    expect(findings[0]?.text).toContain('its journal is missing')
    expectBytes(path, before)
    expect(existsSync(journalOf(path))).toBe(false)
  })

  test.skipIf(count === 653 || count === 40)(
    `every function takes it with acceptLoss, when its writer was killed ${when}`,
    async () => {
      const path = await left(count, then)
      const bytes = readFileSync(path)
      for (const [name, open] of Object.entries(doors)) {
        const copy = scratch()
        writeFileSync(copy, bytes)
        await open(copy, { acceptLoss: true })
        const changes = /recover|resume/.test(name)
        expect((await check(copy)).findings.map(({ code }) => code)).toEqual([
          changes ? 'frames-lost' : 'unclean-shutdown',
        ])
      }
    },
  )
})

describe('a file without its journal', () => {
  test('a reader with acceptLoss reads the flushed frames and says that the file was not closed', async () => {
    const path = await left(25, 'await writer.flush()')
    using reader = new TrackingReader(path, { acceptLoss: true })
    expect(reader).toMatchObject({ length: 25, closedCleanly: false })
    await using untrusted = await TrackingReader.open(path, { untrusted: true, acceptLoss: true })
    expect(untrusted).toMatchObject({ length: 25, closedCleanly: false })
    using whole = new TrackingReader(await written(school(3)))
    expect(whole).toMatchObject({ length: 3, closedCleanly: true })
  })

  test('recovery with acceptLoss ends at the last full chunk when a partial chunk was replaced after a flush', async () => {
    const path = await left(
      25,
      `
      await writer.flush()
      for (const { frameIndex, tracks } of school(45, 3, ${JSON.stringify(CAMERAS)}, 25)) writer.writeFrame(frameIndex, tracks)
      await writer.drain()`,
    )
    expect((await recover(path, { acceptLoss: true })).frames).toBe(20)
    await expectFrames(path, school(20))
  })

  test('recovery with acceptLoss completes the file, records the loss in it, and lets it be resumed', async () => {
    const path = await left(25, 'await writer.flush()')
    const before = readFileSync(path)
    const loss =
      'the file was not closed by its writer, and its journal is missing: an unknown number of frames after the first 25'
    const report = await recover(path, { acceptLoss: true })
    expect(report).toEqual({
      path,
      action: 'salvaged',
      frames: 25,
      lastFrameIndex: 24,
      lost: [loss],
      keptAs: `${path}.unclosed`,
    })
    expectBytes(`${path}.unclosed`, before)
    await expectFrames(path, school(25))
    expect(await askH5py(path, 'list(f["tracking"].attrs["losses"])')).toEqual([loss])

    await using writer = await TrackingWriter.resume(path)
    const more = school(35).slice(25)
    for (const { frameIndex, tracks } of more) writer.writeFrame(frameIndex, tracks)
    await writer.close()
    await expectFrames(path, school(35))
    const { findings } = await check(path)
    expect(findings).toMatchObject([{ code: 'frames-lost', severity: 'error', text: `frames were lost: ${loss}` }])
    using reader = new TrackingReader(path)
    expect(reader.metadata.losses).toEqual([loss])
    expect(await recover(path, { acceptLoss: true })).toMatchObject({ action: 'none', frames: 35, lost: [] })
  })

  test('a file records each of two losses, also across a recovery with its journal', async () => {
    const path = await left(10, 'await writer.flush()')
    await (await TrackingWriter.resume(path, { acceptLoss: true })).close()
    await killed(13, { resume: true, first: 10 }, 'await writer.flush()', path)
    copyFileSync(journalOf(path), scratch('journal'))
    expect((await recover(path)).frames).toBe(23)
    await killed(4, { resume: true, first: 23 }, 'await writer.flush()', path)
    rmSync(journalOf(path))
    await recover(path, { acceptLoss: true })
    using reader = new TrackingReader(path)
    expect(reader.metadata.losses).toEqual([
      expect.stringContaining('after the first 10'),
      expect.stringMatching(/after the first 2[0-7]/),
    ])
  })

  test('recovery with acceptLoss keeps metadata and the original, which a found journal can still complete', async () => {
    const path = await killed(25, { metadata: { fps: 60, site: 'pond' } }, 'await writer.flush()')
    const journal = scratch('found.journal')
    renameSync(journalOf(path), journal)
    await recover(path, { acceptLoss: true })
    using reader = new TrackingReader(path)
    expect(reader.metadata).toMatchObject({ fps: 60, site: 'pond' })
    reader.close()
    // The kept original and the journal together restore every frame.
    renameSync(`${path}.unclosed`, path)
    renameSync(journal, journalOf(path))
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: 25, lost: [] })
    await expectFrames(path, school(25))
    expect((await check(path)).findings).toEqual([])
  })

  test('recovery with acceptLoss of a resumed run keeps the frames of the run before', async () => {
    const path = await written(school(23), CAMERAS, { chunkFrames: 10 })
    await killed(30, { resume: true, first: 23 }, 'await writer.drain()', path)
    rmSync(journalOf(path))
    expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    const { frames } = await recover(path, { acceptLoss: true })
    expect(frames).toBeGreaterThanOrEqual(20)
    await expectFrames(path, school(frames))
  })
})

describe('a writer without a journal', () => {
  test('a writer without a journal that is killed leaves a file that says there was no journal', async () => {
    const path = await killed(25, { durability: 'none' }, 'await writer.flush()')
    for (const open of Object.values(doors)) {
      const error = await failure(() => open(path, {}))
      expect(error.code).toBe('ERR_NOT_CLOSED')
      expect(error.message).toContain("kept no journal (durability: 'none')")
      expect(error.message).not.toContain('.journal')
    }
    expect((await recover(path, { acceptLoss: true })).frames).toBe(25)
    await expectFrames(path, school(25))
  })

  test('a writer without a journal that closes leaves an ordinary file', async () => {
    const path = await written(school(5), CAMERAS, { durability: 'none' })
    await expectFrames(path, school(5))
    expect(await askH5py(path, 'sorted(f["tracking"].attrs)')).not.toContain('run_id')
  })
})

describe('a renamed journal', () => {
  test('recovery finds the journal when file and journal are both renamed', async () => {
    const path = await killed(25)
    const moved = scratch('moved.h5')
    renameSync(path, moved)
    expect(await failure(() => new TrackingReader(moved))).toMatchObject({ code: 'ERR_NOT_CLOSED' })
    renameSync(journalOf(path), journalOf(moved))
    expect(await failure(() => new TrackingReader(moved))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
    expect((await recover(moved)).frames).toBe(25)
    await expectFrames(moved, school(25))
  })
})

describe('a killed file that HDF5 cannot read', () => {
  const broken = (path: string) => {
    const bytes = readFileSync(path)
    bytes.fill(0, 0, 48)
    writeFileSync(path, bytes)
  }

  test('an unreadable file of a killed writer is refused with a hint at its missing journal', async () => {
    const path = await left(25, 'await writer.flush()')
    broken(path)
    for (const [name, open] of Object.entries(doors)) {
      for (const acceptLoss of [false, true]) {
        const { code, message } = await failure(() => open(path, { acceptLoss }))
        expect(code, name).toBe('ERR_NOT_HDF5')
        expect(message, name).toMatch(
          /if its writer was killed, .*\.journal still exists, put it beside the file and run h5tracks recover/,
        )
      }
    }
    expect((await failure(() => check(path))).message).toContain('.journal')
  })

  test('an unreadable file of a killed writer is recovered when its journal exists', async () => {
    const path = await killed(25)
    broken(path)
    expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
    expect((await recover(path)).frames).toBe(25)
  })
})

test('a file without the attribute closed_cleanly is read as a closed one', async () => {
  const path = await written(school(5))
  {
    using file = new File(path, 'r+')
    file.groupSync('tracking').attributes.deleteSync('closed_cleanly')
  }
  using reader = new TrackingReader(path)
  expect(reader).toMatchObject({ length: 5, closedCleanly: true })
  expect((await check(path)).findings).toEqual([])
})

test('every function refuses an acceptLoss that is not a boolean', async () => {
  const path = await written(school(1))
  for (const open of Object.values(doors)) {
    expect(await failure(() => open(path, { acceptLoss: 'yes' as never }))).toMatchObject({ field: 'acceptLoss' })
  }
})
