import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { readTrackingResults, recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { expectBytes } from '../../support/bytes.js'
import { failure } from '../../support/errors.js'
import { runNode } from '../../support/process.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, school } from '../../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../../support/tracking/model.js'
import { written } from '../../support/tracking/writing.js'

// An error of the operating system keeps its code and its number, and names the path.

const open = {
  'the writer': (path: string) => new TrackingWriter(path, CAMERAS),
  'the overwriting writer': (path: string) => new TrackingWriter(path, CAMERAS, { overwrite: true }),
  'the reader': (path: string) => new TrackingReader(path),
  readTrackingResults: (path: string) => readTrackingResults(path),
}
const opening = Object.entries(open)

async function refused(code: string, action: () => unknown, path: string) {
  const error = await failure(action)
  expect(error).toMatchObject({ code, path })
  if (code in constants.errno) expect(Math.abs(error.errno!)).toBe(constants.errno[code as 'ENOENT'])
  expect(error.message).toContain(path)
}

describe('a directory that does not exist', () => {
  test.each(opening)('%s fails with ENOENT in a directory that does not exist', async (_, open) => {
    const path = join(scratch('absent'), 'tracks.h5')
    await refused('ENOENT', () => open(path), path)
  })
})

describe('a file that does not exist', () => {
  test.each(opening.slice(2))('%s fails with ENOENT for a file that does not exist', async (_, open) => {
    const path = scratch()
    await refused('ENOENT', () => open(path), path)
  })
})

describe('a directory where a file should be', () => {
  test.each(opening)('%s fails with EISDIR for a directory', async (name, open) => {
    const path = scratch('directory')
    mkdirSync(path)
    const error = await failure(() => open(path))
    // A writer without `overwrite` may report that the path exists.
    expect(name === 'the writer' ? ['EEXIST', 'EISDIR'] : ['EISDIR']).toContain(error.code)
    expect(error.path).toBe(path)
    expect(statSync(path).isDirectory()).toBe(true)
  })
})

describe('a file where a directory should be', () => {
  test.each(opening)('%s fails with ENOTDIR below a file', async (_, open) => {
    const file = scratch('file')
    writeFileSync(file, '')
    await refused('ENOTDIR', () => open(join(file, 'tracks.h5')), join(file, 'tracks.h5'))
  })
})

describe('a circular link, and a name that is too long', () => {
  test.each(opening)(
    '%s fails with ELOOP for a circular link and with ENAMETOOLONG for a name that is too long',
    async (_, open) => {
      const path = scratch('circle')
      symlinkSync(path, path)
      const error = await failure(() => open(path))
      expect(['ELOOP', 'EEXIST']).toContain(error.code)
      const long = join(dirname(path), 'x'.repeat(300))
      await refused('ENAMETOOLONG', () => open(long), long)
    },
  )
})

describe('a file that exists', () => {
  test('the writer refuses an existing file with EEXIST and leaves it unchanged', async () => {
    const path = await written(school(3))
    const before = readFileSync(path)
    await refused('EEXIST', () => new TrackingWriter(path, CAMERAS), path)
    expect((await failure(() => new TrackingWriter(path, CAMERAS))).message).toContain('overwrite')
    expectBytes(path, before)
  })

  test('the writer refuses an existing file that is not HDF5 with EEXIST', async () => {
    const path = scratch('notes.txt')
    writeFileSync(path, 'do not lose me')
    await refused('EEXIST', () => new TrackingWriter(path, CAMERAS), path)
    expect(readFileSync(path, 'utf8')).toBe('do not lose me')
  })

  test('overwrite: true replaces an existing file', async () => {
    const path = await written(school(30))
    const frames = school(2, 2)
    await written(frames, CAMERAS, { overwrite: true }, path)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('overwrite: true leaves the existing file unchanged when another argument is refused', async () => {
    const path = await written(school(3))
    const before = readFileSync(path)
    await failure(() => new TrackingWriter(path, ['a', 'a'], { overwrite: true }))
    await failure(
      () => new TrackingWriter(path, [], { overwrite: true, maxFish: 2 ** 31 - 1, chunkFrames: 2 ** 31 - 1 }),
    )
    expectBytes(path, before)
  })
})

const isRoot = process.getuid?.() === 0

describe('without permission', () => {
  test('the writer fails with EACCES for the directory or the file, and the reader for the file', async (context) => {
    if (!isRoot) context.skip('only root can start a child process as another user')
    const directory = dirname(scratch())
    execFileSync('chmod', ['a+rx', directory, dirname(directory)])
    const secret = join(directory, 'secret.h5')
    await written(school(1), CAMERAS, {}, secret)
    execFileSync('chmod', ['600', secret])
    const source = `
      import { TrackingReader, TrackingWriter } from 'h5tracks'
      const [, , directory, secret] = process.argv
      const said = (action) => { try { action(); return 'nothing' } catch ({ code, errno, path }) { return [code, Math.abs(errno), path] } }
      process.setuid(65534)
      console.log(JSON.stringify([
        said(() => new TrackingWriter(directory + '/new.h5', [])),
        said(() => new TrackingWriter(secret, [], { overwrite: true })),
        said(() => new TrackingReader(secret)),
      ]))`
    const { stdout, stderr, code } = await runNode(source, [directory, secret])
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 })
    expect(JSON.parse(stdout)).toEqual([
      ['EACCES', constants.errno.EACCES, join(directory, 'new.h5')],
      ['EACCES', constants.errno.EACCES, secret],
      ['EACCES', constants.errno.EACCES, secret],
    ])
  })
})

// Mounting a small file system is root's privilege.
describe.skipIf(!isRoot)(`a full disk${isRoot ? '' : ' (skipped: only root can mount a small one)'}`, () => {
  /** A file system of 768 KiB: room for some blocks and for the space that a writer reserves before each. */
  function tinyDisk(): string {
    const directory = scratch('disk')
    mkdirSync(directory)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=768k', 'none', directory])
    onTestFinished(() => void execFileSync('umount', [directory]))
    return directory
  }

  /** Frames that do not compress. */
  let state = 1
  const random = () => (state = (state * 48271) % 2147483647)
  const noise = (frameIndex: number) => ({
    frameIndex,
    tracks: school(1, 9)[0]!.tracks.map((track) => ({ ...track, centroid3d: [random(), random(), random()] })),
  })

  test.each(['close', 'closeSync', 'flush', 'drain'] as const)(
    '%s() reports a full disk as ENOSPC, and the accepted frames can be recovered once there is room',
    async (how) => {
      const disk = tinyDisk()
      const path = join(disk, 'tracks.h5')
      const frames = Array.from({ length: 2000 }, (_, frame) => noise(frame))
      const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 100, compression: 'none', blocksInFlight: 1 })
      const error = await failure(async () => {
        for (const { frameIndex, tracks } of frames) {
          writer.writeFrame(frameIndex, tracks)
          if (writer.framesWritten % 100 !== 0) continue
          await writer.drain()
        }
        await writer[how]()
      })
      expect(error).toMatchObject({ code: 'ENOSPC', errno: expect.any(Number), path })
      expect(error.message).toMatch(/ENOSPC|no space/i)
      // The message says which frames are kept, where, and what to do.
      const accepted = writer.framesWritten
      expect(error.message).toContain(`${accepted} frames were accepted, and none is lost: `)
      const [, stored] = / lost: (\d+) are in (?<file>\S+), the others in \k<file>\.journal\. Free space/.exec(
        error.message,
      )!
      expect(Number(stored)).toBe(100 * writer.stats().blocks)
      expect(error.message).toContain(`then recover the file: h5tracks recover ${path}`)

      // The failure is permanent. close() reports it too, and releases the file.
      expect(await failure(() => writer.writeFrame(5000, []))).toMatchObject({ code: 'ENOSPC' })
      expect(await failure(() => writer.close())).toMatchObject({ code: 'ENOSPC' })
      expect(writer.isOpen).toBe(false)

      expect(await failure(() => readTrackingResults(path))).toMatchObject({ code: 'ERR_NEEDS_RECOVERY', path })
      expect(await failure(() => recover(path))).toMatchObject({ code: 'ENOSPC', path })
      execFileSync('mount', ['-o', 'remount,size=64m', disk])
      expect(writer.framesWritten).toBeGreaterThan(0)
      expect(await recover(path)).toMatchObject({ action: 'rebuilt', frames: writer.framesWritten })
      const results = columnsRead(await readTrackingResults(path))
      expect(results).toEqual(columnsOf(frames.slice(0, writer.framesWritten), CAMERAS, 9))
    },
  )

  test.each([
    ['using', { async: false }],
    ['await using', { async: true }],
  ])('a full disk is reported once when `%s` closes the writer', async (_how, { async }) => {
    const path = join(tinyDisk(), 'tracks.h5')
    const options = { chunkFrames: 100, compression: 'none', blocksInFlight: 1 } as const
    const write = async (writer: TrackingWriter) => {
      for (let frame = 0; frame < 2000; frame++) {
        if (!writer.writeFrame(frame, noise(frame).tracks)) await writer.drain()
      }
    }
    const error = await failure(async () => {
      if (async) {
        await using writer = new TrackingWriter(path, CAMERAS, options)
        await write(writer)
      } else {
        using writer = new TrackingWriter(path, CAMERAS, options)
        await write(writer)
      }
    })
    expect(error).toMatchObject({ name: 'H5TracksError', code: 'ENOSPC', path })
  })

  test("a full disk with durability: 'none' is reported with the number of lost frames", async () => {
    const path = join(tinyDisk(), 'tracks.h5')
    const options = { chunkFrames: 100, compression: 'none', blocksInFlight: 1, durability: 'none' } as const
    const writer = new TrackingWriter(path, CAMERAS, options)
    const error = await failure(async () => {
      for (let frame = 0; frame < 2000; frame++) {
        if (!writer.writeFrame(frame, noise(frame).tracks)) await writer.drain()
      }
    })
    await failure(() => writer.close())
    const { frameIndex } = await readTrackingResults(path, { acceptLoss: true })
    expect(error).toMatchObject({ code: 'ENOSPC', path })
    expect(error.message).toContain(
      `${writer.framesWritten} frames were accepted, of which ${path} has ${frameIndex.shape[0]} (pass acceptLoss: true to read them); the others are lost`,
    )
  })

  test('a disk without room for an empty file fails with ENOSPC', async () => {
    const directory = tinyDisk()
    const rest = join(directory, 'rest')
    execFileSync('sh', ['-c', 'cat /dev/zero > "$0" 2>/dev/null || true', rest])
    const path = join(directory, 'tracks.h5')
    const error = await failure(async () => {
      await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
      for (let frame = 0; frame < 30; frame++) writer.writeFrame(frame, [])
    })
    expect(error).toMatchObject({ code: 'ENOSPC', path })
  })
})
