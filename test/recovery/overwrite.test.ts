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
import { failure } from '../support/errors.js'
import { program, run } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// An overwriting writer makes its file beside the old one and takes the name when it can no longer lose a frame. What fails or
// is killed before leaves the old file as it was. test/faults has each of the system calls.

const besideOf = (path: string) => `${path}.overwriting`
const overwriting = { overwrite: true, chunkFrames: 10 }
const old = () => written(school(3))

/** Expects that the action fails so, and that the old file is there to the last byte, alone but for `others`. */
async function expectOldKept(path: string, code: string, action: () => unknown, others: string[] = []) {
  const before = readFileSync(path)
  expect(await failure(action)).toMatchObject({ code, path })
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(dirname(path)).sort()).toEqual(['tracks.h5', ...others])
}

describe('the old file stays as it was when the overwriting writer fails', () => {
  test('because no journal can be made', async () => {
    const path = await old()
    mkdirSync(journalOf(path))
    await expectOldKept(path, 'EISDIR', () => new TrackingWriter(path, CAMERAS, overwriting), ['tracks.h5.journal'])
  })

  test('because its own file cannot be made', async () => {
    const path = await old()
    mkdirSync(besideOf(path))
    writeFileSync(`${besideOf(path)}/a-file`, '')
    for (const durability of ['process', 'none'] as const) {
      const action = () => new TrackingWriter(path, CAMERAS, { ...overwriting, durability })
      await expectOldKept(path, 'EISDIR', action, ['tracks.h5.overwriting'])
    }
  })

  // In blocks of 512 bytes: room for less than a new file, and for that but not for a journal.
  test.each([2, 256])('because a file may have %d blocks', async (blocks) => {
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
    expect(readFileSync(path)).toEqual(before)
    expect(readdirSync(dirname(path))).toEqual(['tracks.h5'])
  })
})

describe('a writer that is killed before it takes the name leaves the old file in use', () => {
  /** What is there then: a run that knows the new file, which does not have its name. */
  async function beforeTheName() {
    const path = await old()
    const fresh = await killed(0)
    renameSync(fresh, besideOf(path))
    renameSync(journalOf(fresh), journalOf(path))
    return path
  }
  const expectAlone = (path: string) => expect(readdirSync(dirname(path))).toEqual(['tracks.h5'])

  test('to readers', async () => {
    const path = await beforeTheName()
    await expectFrames(path, school(3))
    let frames = 0
    for await (const _ of TrackingReader.follow(path)) frames++
    expect(frames).toBe(3)
    expect((await check(path)).findings).toEqual([])
  })

  test('to recover, which removes what is left', async () => {
    const path = await beforeTheName()
    const before = readFileSync(path)
    expect(await recover(path)).toMatchObject({ action: 'none', frames: 3 })
    expect(readFileSync(path)).toEqual(before)
    expectAlone(path)
  })

  test('to resume', async () => {
    const path = await beforeTheName()
    const writer = await TrackingWriter.resume(path)
    writer.writeFrame(3, school(4)[3]!.tracks)
    await writer.close()
    await expectFrames(path, school(4))
    expectAlone(path)
  })

  test('to the next overwriting writer', async () => {
    const path = await beforeTheName()
    await written(school(5), CAMERAS, overwriting, path)
    await expectFrames(path, school(5))
    expectAlone(path)
  })

  test('but a run that took the name is recovered', async () => {
    const path = await killed(25, overwriting, '', await old())
    expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
    expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: 25 })
    await expectFrames(path, school(25))
  })

  test('and what it left without a journal is removed by whoever comes next', async () => {
    const path = await old()
    writeFileSync(besideOf(path), 'half a file')
    expect(await recover(path)).toMatchObject({ action: 'none', frames: 3 })
    expectAlone(path)
    writeFileSync(besideOf(path), 'half a file')
    await written(school(5), CAMERAS, overwriting, path)
    expectAlone(path)
  })

  test('but what another process still writes there is left alone', async () => {
    const path = await old()
    using _other = new File(besideOf(path), 'x')
    expect(await failure(() => recover(path))).toMatchObject({ code: 'ERR_LOCKED', path })
    expect(existsSync(besideOf(path))).toBe(true)
  })
})

describe('the new file', () => {
  test('has the mode of the old one, as has its journal, and links lead to it', async () => {
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

  test('is another one: what had the old one open or by another name keeps it', async () => {
    const path = await old()
    const other = `${path}.other`
    linkSync(path, other)
    await written(school(5), CAMERAS, overwriting, path)
    await expectFrames(other, school(3))
    await expectFrames(path, school(5))
  })

  test.each(['process', 'power', 'none'] as const)('is written with durability %j', async (durability) => {
    const path = await old()
    await using writer = new TrackingWriter(path, CAMERAS, { ...overwriting, durability })
    expect(existsSync(besideOf(path))).toBe(false)
    expect(await failure(() => new TrackingWriter(path, CAMERAS, overwriting))).toMatchObject({ code: 'ERR_LOCKED' })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    await writer.flush()
    if (durability === 'power') expect(writer.durableFrames).toBe(25)
    await writer.close()
    await expectFrames(path, school(25))
  })
})
