import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { python } from '../support/interpreter.js'
import { run, runNode, startNode, startProgram } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, fish, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'

// A file has one writer. While it is open, only its own process may read the file; other processes are refused, so that none
// sees a half-written file. Afterwards every process may read it.

/** Linux lists the lock holders of a file. */
const listsLocks = existsSync('/proc/locks')
const commandOf = (pid: number) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim()

/** The paths of the open descriptors of a process (Linux). */
function openFiles(pid: number | 'self'): string[] {
  const directory = `/proc/${pid}/fd`
  return readdirSync(directory).flatMap((number) => {
    try {
      return [readlinkSync(`${directory}/${number}`)]
    } catch {
      return [] // the descriptor of the directory itself
    }
  })
}

const frames = school(25)
const overwriting = { overwrite: true, chunkFrames: 10 }

describe('two writers for one path', () => {
  test('a second writer for a path is refused with EEXIST, or with ERR_LOCKED when it would overwrite', async () => {
    const path = scratch()
    {
      using writer = new TrackingWriter(path, CAMERAS, overwriting)
      for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
      expect(await failure(() => new TrackingWriter(path, CAMERAS))).toMatchObject({ code: 'EEXIST', path })
      const locked = await failure(() => new TrackingWriter(path, CAMERAS, overwriting))
      expect(locked).toMatchObject({ code: 'ERR_LOCKED', path })
      expect(locked.message).toContain(path)
    }
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test('a second writer can overwrite a file when the first is closed', async () => {
    const path = await written(frames)
    await written(frames.slice(0, 3), CAMERAS, overwriting, path)
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([3])
  })

  test('a refused writer does not release the lock: the next one is refused too, and reading still works', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 1 })
    writer.writeFrame(0, [fish(1)])
    await writer.drain()
    for (let n = 0; n < 3; n++)
      expect((await failure(() => new TrackingWriter(path, [], overwriting))).code).toBe('ERR_LOCKED')
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([1])
  })

  test('a file that a reader has open is not overwritten', async () => {
    const path = await written(frames)
    using reader = new TrackingReader(path)
    expect((await failure(() => new TrackingWriter(path, [], overwriting))).code).toBe('ERR_LOCKED')
    expect(columnsRead(await reader.read())).toEqual(columnsOf(frames, CAMERAS, 9))
  })
})

test('many writers that take turns frame by frame keep their frames apart', async () => {
  const paths = Array.from({ length: 8 }, () => scratch())
  const of = (n: number) => school(30, n + 1)
  const writers = paths.map((path, n) => new TrackingWriter(path, CAMERAS, { chunkFrames: n + 1 }))
  for (let frame = 0; frame < 30; frame++) {
    for (const [n, writer] of writers.entries()) writer.writeFrame(frame, of(n)[frame]!.tracks)
  }
  await Promise.all(writers.map((writer) => writer.close()))
  for (const [n, path] of paths.entries()) {
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(of(n), CAMERAS, 9))
  }
})

describe('a writer that is open in this process', () => {
  const opened = async () => {
    const path = scratch()
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of frames) writer.writeFrame(frameIndex, tracks)
    await writer.flush()
    return { path, writer }
  }
  const readElsewhere = `
    import { readTrackingResults, TrackingWriter } from 'h5tracks'
    const [, , path] = process.argv
    const outcome = async (action) => { try { return await action() } catch ({ code }) { return code } }
    console.log(await outcome(async () => (await readTrackingResults(path)).frameIndex.data.length))
    console.log(await outcome(() => new TrackingWriter(path, [], { overwrite: true })))`

  test('another process is refused with ERR_LOCKED while a writer is open, and reads when it is closed', async () => {
    const { path, writer } = await opened()
    const during = await runNode(readElsewhere, [path])
    expect(during).toEqual({ code: 0, signal: null, stdout: 'ERR_LOCKED\nERR_LOCKED\n', stderr: '' })
    await writer.close()
    expect((await runNode(readElsewhere.replace(/.*TrackingWriter\(path.*/, ''), [path])).stdout).toBe('25\n')
  })

  test('h5py is refused by its own lock while a writer is open, and reads when it is closed', async () => {
    const { path, writer } = await opened()
    const source = 'import sys, h5py; print(len(h5py.File(sys.argv[1], "r")["tracking/frame_index"]))'
    const refused = await run(python(), ['-c', source, path], { env: { HDF5_USE_FILE_LOCKING: 'TRUE' } })
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toMatch(/lock/i)
    await writer.close()
    expect((await run(python(), ['-c', source, path])).stdout).toBe('25\n')
  })

  test('a child process inherits neither the descriptors of an open file nor its lock', async () => {
    const { path, writer } = await opened()
    using reader = new TrackingReader(path)
    await using child = await startNode("console.log('here'); process.stdin.resume()")
    if (process.platform === 'linux') {
      expect(openFiles('self')).toContain(path)
      expect(openFiles(child.pid)).not.toContain(path)
    }
    reader.close()
    await writer.close()
    await written([], [], { overwrite: true }, path)
    expect(await child.end()).toBe(0)
  })
})

describe('a writer that is open in another process', () => {
  const writing = `
    import { TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    const writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    await writer.drain()
    console.log('written')
    process.stdin.resume().on('end', () => writer.closeSync())`

  test('a file that another process writes cannot be read or overwritten, and has all its frames when that process has ended', async () => {
    const path = scratch()
    await using child = await startNode(writing, [path])
    expect(await failure(() => new TrackingReader(path))).toMatchObject({ code: 'ERR_LOCKED', path })
    expect(await failure(() => readTrackingResults(path))).toMatchObject({ code: 'ERR_LOCKED', path })
    expect(await failure(() => new TrackingWriter(path, [], overwriting))).toMatchObject({ code: 'ERR_LOCKED', path })
    expect(await failure(() => new TrackingWriter(path, []))).toMatchObject({ code: 'EEXIST', path })
    expect(await child.end()).toBe(0)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })

  test.skipIf(!listsLocks)('the error about a locked file names the process that holds the lock', async () => {
    const path = scratch()
    await using child = await startNode(writing, [path])
    const who = `another process (pid ${child.pid}, ${commandOf(child.pid)})`
    expect((await failure(() => new TrackingReader(path))).message).toContain(
      `'${path}' is locked: ${who} is writing it`,
    )
    expect((await failure(() => new TrackingWriter(path, [], overwriting))).message).toBe(
      `'${path}' is locked: it is open elsewhere, in ${who}`,
    )
  })

  test('the error about a lock whose taker has ended names no process', async () => {
    const path = await written(frames)
    const source = `
import fcntl, os, sys
file = open(sys.argv[1], 'rb')
if os.fork() == 0:
    fcntl.flock(file, fcntl.LOCK_EX)
    os._exit(0)
os.wait()
print('locked', flush=True)
sys.stdin.read()`
    await using _ = await startProgram(python(), ['-c', source, path])
    expect((await failure(() => new TrackingReader(path))).message).toBe(
      `'${path}' is locked: another process is writing it`,
    )
  })

  test('several processes read a finished file at once', async () => {
    const path = await written(frames)
    const reading = `
      import { TrackingReader } from 'h5tracks'
      const reader = (globalThis.kept = new TrackingReader(process.argv[2]))
      console.log((await reader.read()).frameIndex.data.length)
      process.stdin.resume()`
    await using first = await startNode(reading, [path])
    await using second = await startNode(reading, [path])
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([25])
    if (listsLocks) {
      const { message } = await failure(() => new TrackingWriter(path, [], overwriting))
      for (const { pid } of [first, second]) expect(message).toContain(`(pid ${pid}, ${commandOf(pid)})`)
    }
    expect([await first.end(), await second.end()]).toEqual([0, 0])
  })
})

describe('two readers in this process', () => {
  test('two readers in one process share a file, which stays in use until both are closed', async () => {
    const path = await written(frames)
    const first = new TrackingReader(path)
    const second = new TrackingReader(path)
    expect(columnsRead(await first.read())).toEqual(columnsRead(await second.read()))
    first.close()
    expect(columnsRead(await second.read())).toEqual(columnsOf(frames, CAMERAS, 9))
    const { code, message } = await failure(() => new TrackingWriter(path, [], overwriting))
    expect(code).toBe('ERR_LOCKED')
    if (listsLocks) expect(message).toBe(`'${path}' is locked: it is open elsewhere, in this process`)
    second.close()
    await written([], [], overwriting, path)
  })
})

test('HDF5_USE_FILE_LOCKING in the environment changes nothing', async () => {
  const source = `
    import { TrackingReader, TrackingWriter } from 'h5tracks'
    const path = process.argv[2]
    const writer = new TrackingWriter(path, [])
    writer.writeFrame(0, [])
    await writer.flush()
    const reader = new TrackingReader(path)
    await writer.close()
    // HDF5 still has the file open for writing, because the reader shared it with the writer.
    console.log((await reader.read()).frameIndex.data.length)
    process.stdin.resume().on('end', () => reader.close())`
  for (const value of ['TRUE', 'FALSE', 'BEST_EFFORT']) {
    const path = scratch()
    await using child = await startNode(source, [path], { HDF5_USE_FILE_LOCKING: value })
    expect((await readTrackingResults(path)).frameIndex.shape).toEqual([1])
    expect(await child.end()).toBe(0)
  }
})
