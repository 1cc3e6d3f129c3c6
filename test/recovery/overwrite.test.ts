import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { check, recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { File } from 'h5tracks/hdf5'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { failure } from '../support/errors.js'
import { program, run } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// An overwriting writer creates its file next to the old one and renames it once it can no longer lose a frame. A failure or
// a kill before that leaves the old file unchanged. test/faults tries each system call.

const besideOf = (path: string) => `${path}.overwriting`
const overwriting = { overwrite: true, chunkFrames: 10 }
const old = () => written(school(3))

/** Expects the action to fail with `code` and to leave the old file unchanged, next to nothing but `others`. */
async function expectOldKept(path: string, code: string, action: () => unknown, others: string[] = []) {
  const before = readFileSync(path)
  expect(await failure(action)).toMatchObject({ code, path })
  expectBytes(path, before)
  expect(readdirSync(dirname(path)).sort()).toEqual(['tracks.h5', ...others])
}

describe('an overwriting writer that fails', () => {
  test('the old file stays unchanged when an overwriting writer cannot create its journal', async () => {
    const path = await old()
    mkdirSync(journalOf(path))
    await expectOldKept(path, 'EISDIR', () => new TrackingWriter(path, CAMERAS, overwriting), ['tracks.h5.journal'])
  })

  test('the old file stays unchanged when an overwriting writer cannot create its file', async () => {
    const path = await old()
    mkdirSync(besideOf(path))
    writeFileSync(`${besideOf(path)}/a-file`, '')
    for (const durability of ['process', 'none'] as const) {
      const action = () => new TrackingWriter(path, CAMERAS, { ...overwriting, durability })
      await expectOldKept(path, 'EISDIR', action, ['tracks.h5.overwriting'])
    }
  })

  // In blocks of 512 bytes: less than a new file needs, and enough for a file but not for a journal.
  test.each([2, 256])(
    'the old file stays unchanged when the file size limit of an overwriting writer is %d blocks',
    async (blocks) => {
      const path = await old()
      const before = readFileSync(path)
      const source = `
      import { TrackingWriter } from 'h5tracks'
      import { CAMERAS } from 'frames'
      process.on('SIGXFSZ', () => {})
      try { new TrackingWriter(process.argv[2], CAMERAS, { overwrite: true }) } catch ({ code }) { console.log(code) }`
      const command = `ulimit -f ${blocks}; exec "$0" "$@"`
      const { stdout } = await run('sh', ['-c', command, process.execPath, program(source), path])
      expect(stdout).toBe('EFBIG\n')
      expectBytes(path, before)
      expect(readdirSync(dirname(path))).toEqual(['tracks.h5'])
    },
  )
})

describe('an overwriting writer that was killed before the rename', () => {
  /** The state before the rename: the journal refers to the new file, which still has its temporary name. */
  async function beforeTheName() {
    const path = await old()
    const fresh = await killed(0)
    renameSync(fresh, besideOf(path))
    renameSync(journalOf(fresh), journalOf(path))
    return path
  }
  const expectAlone = (path: string) => expect(readdirSync(dirname(path))).toEqual(['tracks.h5'])

  test('readers read the old file when an overwriting writer was killed before the rename', async () => {
    const path = await beforeTheName()
    await expectFrames(path, school(3))
    let frames = 0
    for await (const _ of TrackingReader.follow(path)) frames++
    expect(frames).toBe(3)
    expect((await check(path)).findings).toEqual([])
  })

  test('recover keeps the old file and removes the leftovers of an overwriting writer killed before the rename', async () => {
    const path = await beforeTheName()
    const before = readFileSync(path)
    expect(await recover(path)).toMatchObject({ action: 'none', frames: 3 })
    expectBytes(path, before)
    expectAlone(path)
  })

  test('resume continues the old file when an overwriting writer was killed before the rename', async () => {
    const path = await beforeTheName()
    const writer = await TrackingWriter.resume(path)
    writer.writeFrame(3, school(4)[3]!.tracks)
    await writer.close()
    await expectFrames(path, school(4))
    expectAlone(path)
  })

  test('the next overwriting writer succeeds when one was killed before the rename', async () => {
    const path = await beforeTheName()
    await written(school(5), CAMERAS, overwriting, path)
    await expectFrames(path, school(5))
    expectAlone(path)
  })

  test('recover rebuilds the new file when an overwriting writer was killed after the rename', async () => {
    const path = await killed(25, overwriting, '', await old())
    expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: 25 })
    await expectFrames(path, school(25))
  })

  test('recover and the next writer remove a leftover .overwriting without a journal', async () => {
    const path = await old()
    writeFileSync(besideOf(path), 'half a file')
    expect(await recover(path)).toMatchObject({ action: 'none', frames: 3 })
    expectAlone(path)
    writeFileSync(besideOf(path), 'half a file')
    await written(school(5), CAMERAS, overwriting, path)
    expectAlone(path)
  })

  test('recover fails with ERR_LOCKED while another process writes .overwriting', async () => {
    const path = await old()
    using _other = new File(besideOf(path), 'x')
    expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_LOCKED', path })
    expect(existsSync(besideOf(path))).toBe(true)
  })
})

describe('the new file of an overwriting writer', () => {
  test('the new file and its journal have the mode of the old file, and symbolic links lead to it', async () => {
    const path = await old()
    chmodSync(path, 0o640)
    const link = scratch('link.h5')
    symlinkSync(path, link)
    {
      using _ = new TrackingWriter(link, CAMERAS, overwriting)
      expect(statSync(journalOf(path)).mode & 0o777).toBe(0o640)
    }
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o640)
    await expectFrames(path, [])
  })

  test('overwriting leaves the old file reachable through its other hard links', async () => {
    const path = await old()
    const other = `${path}.other`
    linkSync(path, other)
    await written(school(5), CAMERAS, overwriting, path)
    await expectFrames(other, school(3))
    await expectFrames(path, school(5))
  })

  test.each(['process', 'power', 'none'] as const)(
    'an overwriting writer with durability %j writes the new file under its name',
    async (durability) => {
      const path = await old()
      await using writer = new TrackingWriter(path, CAMERAS, { ...overwriting, durability })
      expect(existsSync(besideOf(path))).toBe(false)
      expect(await failure(() => new TrackingWriter(path, CAMERAS, overwriting))).toMatchObject({ code: 'ERR_LOCKED' })
      for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
      await writer.flush()
      if (durability === 'power') expect(writer.durableFrames).toBe(25)
      await writer.close()
      await expectFrames(path, school(25))
    },
  )
})
