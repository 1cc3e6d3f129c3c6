import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { failure } from '../support/errors.js'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// Recovery that is not possible is refused with the reason, and leaves file and journal unchanged.

async function refused(path: string, expected: object) {
  const before = existsSync(path) && statSync(path).size < 1e9 ? readFileSync(path) : undefined
  const journal = readFileSync(journalOf(path))
  const error = await failure(() => recover(path))
  expect(error).toMatchObject(expected)
  if (before) expectBytes(path, before)
  expect(readFileSync(journalOf(path))).toEqual(journal)
  expect(existsSync(`${path}.recovering`)).toBe(false)
  return error
}

describe('a journal of another run', () => {
  test('recovery refuses the journal of another file', async () => {
    const path = await killed(25)
    const other = await written(school(7))
    copyFileSync(journalOf(path), journalOf(other))
    await refused(other, { code: 'ERR_JOURNAL', message: expect.stringContaining('not the one') })
  })

  test('recovery refuses the journal of another run', async () => {
    const [one, other] = [await killed(25), await killed(7)]
    copyFileSync(journalOf(one), journalOf(other))
    await refused(other, { code: 'ERR_JOURNAL', message: expect.stringContaining('not the one') })
  })

  test('recovery works when file and journal are moved or copied together', async () => {
    const path = await killed(25)
    const moved = scratch('moved.h5')
    const copied = scratch('copied.h5')
    copyFileSync(path, copied)
    copyFileSync(journalOf(path), journalOf(copied))
    renameSync(path, moved)
    renameSync(journalOf(path), journalOf(moved))
    for (const there of [moved, copied]) {
      expect(await recover(there)).toMatchObject({ path: there, frames: 25 })
      await expectFrames(there, school(25))
    }
  })

  test('recovery refuses a .journal that is not a journal', async () => {
    const path = await written(school(7))
    const { writeFileSync } = await import('node:fs')
    writeFileSync(journalOf(path), 'notes of a day at the tank'.repeat(1000))
    await refused(path, { code: 'ERR_JOURNAL', message: expect.stringContaining('does not begin as a journal') })
  })
})

test('recovery of a file larger than the free space fails early with ENOSPC and both sizes', async () => {
  const path = await killed(25)
  const bytes = statSync(path).size
  truncateSync(path, 2 ** 43)
  const error = await refused(path, { code: 'ENOSPC' })
  expect(error.message).toMatch(/may need 8796\d{9} bytes; \d+ are free/)
  truncateSync(path, bytes)
  expect(await recover(path)).toMatchObject({ frames: 25 })
})

test('recovery of a file that lost a chunk fails with ERR_JOURNAL and names its rows', async () => {
  const path = await killed(125, {}, 'await writer.drain()')
  truncateSync(path, statSync(path).size - 1)
  await refused(path, {
    code: 'ERR_JOURNAL',
    message: expect.stringMatching(/rows \d+ to \d+ are not in the file any more/),
  })
})

describe.runIf(process.getuid?.() === 0)('recovery without permission', () => {
  const asNobody = (path: string) => {
    // Opens the directories above the file, which the test created.
    for (let at = dirname(path); at.includes('h5tracks-test-'); at = dirname(at)) chmodSync(at, 0o755)
    const source = `
      import { recover } from 'h5tracks'
      await recover(process.argv[2]).catch(({ code, message }) => console.log(code, message))`
    return runNode(source, [path], { uid: 65534 })
  }

  test('recovery by a user who may not write the journal fails with EACCES', async () => {
    const path = await killed(25)
    chmodSync(journalOf(path), 0o444)
    const { stdout } = await asNobody(path)
    expect(stdout).toContain('EACCES')
    expect(stdout).toContain(journalOf(path))
    expect(await recover(path)).toMatchObject({ frames: 25 })
  })

  test('recovery by a user who may not create files in the directory fails with EACCES', async () => {
    const path = await killed(25)
    chmodSync(journalOf(path), 0o666)
    const { stdout } = await asNobody(path)
    expect(stdout).toContain('EACCES')
    expect(stdout).toContain(`${path}.recovering`)
    expect(await recover(path)).toMatchObject({ frames: 25 })
  })
})

test('the journal has the mode of its file', async () => {
  const path = await written(school(3), CAMERAS, { chunkFrames: 10 })
  chmodSync(path, 0o600)
  using writer = await TrackingWriter.resume(path)
  expect(statSync(journalOf(path)).mode & 0o777).toBe(0o600)
  expect(writer.length).toBe(3)
})

test('a writer names the directory that is in the place of its journal', async () => {
  const path = scratch()
  mkdirSync(journalOf(path))
  const error = await failure(() => new TrackingWriter(path, CAMERAS))
  expect(error).toMatchObject({ code: 'EISDIR', message: expect.stringContaining(journalOf(path)) })
  expect(existsSync(path)).toBe(false)
})

test('a writer through a dangling symbolic link puts its journal next to the target', async () => {
  const { symlinkSync } = await import('node:fs')
  const target = scratch('target.h5')
  const link = scratch('link.h5')
  symlinkSync(target, link)
  const path = await killed(25, { overwrite: true }, '', link)
  expect(existsSync(journalOf(target))).toBe(true)
  expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY' })
  expect(await recover(path)).toMatchObject({ path: join(dirname(target), 'target.h5'), frames: 25 })
})
