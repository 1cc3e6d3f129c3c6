import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { expectBytes } from '../support/bytes.js'
import { failure } from '../support/errors.js'
import { python } from '../support/interpreter.js'
import { program, startNode, startProgram } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// At most one writer or recovery at a time, across processes. The locks belong to the operating system and end with their
// holder: no process id is trusted, and a dead process blocks nobody.

const living = (path: string) =>
  startNode(
    `
    import { TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    const writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    console.log('writing')
    process.stdin.resume().on('end', () => writer.close())`,
    [path],
  )

describe('while a writer is alive', () => {
  test('recover and resume fail with ERR_LOCKED and name the process of a living writer, which is not disturbed', async () => {
    const path = scratch()
    await using child = await living(path)
    for (const action of [recover, TrackingWriter.resume]) {
      const error = await failure(() => action(path))
      expect(error).toMatchObject({ code: 'ERR_LOCKED', path })
      expect(error.message).toContain(`pid ${child.pid}`)
    }
    expect(await child.end()).toBe(0)
    await expectFrames(path, school(25))
  })

  test('recover and resume fail with ERR_LOCKED while a writer of the same process is open', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    for (const action of [recover, TrackingWriter.resume]) {
      expect(await failure(() => action(path))).toMatchObject({ code: 'ERR_LOCKED', path })
    }
  })
})

describe('while a recovery is running', () => {
  // Another program holds the locks of a recovery: the first byte of the journal, and a shared lock on the file.
  const recovering = (path: string) =>
    startProgram(python(), [
      '-c',
      `
import fcntl, struct, sys
journal, file = open(sys.argv[1] + '.journal', 'r+b'), open(sys.argv[1], 'rb')
F_OFD_SETLK = 37
fcntl.fcntl(journal, F_OFD_SETLK, struct.pack('hhqqi4x', fcntl.F_WRLCK, 0, 0, 1, 0))
fcntl.flock(file, fcntl.LOCK_SH)
print('holding', flush=True)
sys.stdin.read()`,
      path,
    ])

  test('a running recovery excludes other recoveries, writers and readers', async () => {
    const path = await killed(25)
    const before = readFileSync(path)
    {
      await using child = await recovering(path)
      for (const action of [
        () => recover(path),
        () => TrackingWriter.resume(path),
        () => new TrackingWriter(path, CAMERAS, { overwrite: true }),
        () => new TrackingWriter(path, CAMERAS, { overwrite: true, discardJournal: true }),
        () => new TrackingReader(path),
      ]) {
        expect(await failure(action)).toMatchObject({ code: 'ERR_LOCKED', path })
      }
      expectBytes(path, before)
      await child.end()
    }
    expect(await recover(path)).toMatchObject({ frames: 25 })
    await expectFrames(path, school(25))
  })

  test('a killed recovery does not block the next one', async () => {
    const path = await killed(25)
    {
      await using _child = await recovering(path)
    }
    expect(await recover(path)).toMatchObject({ frames: 25 })
  })
})

describe('races', () => {
  /** Starts `count` programs that each print a line and wait; returns the lines and ends the programs. */
  async function race(count: number, source: string, path: string): Promise<string[]> {
    const children = Array.from({ length: count }, () =>
      spawn(process.execPath, [program(source), path], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    try {
      const words = children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim())
      return await Promise.all(words)
    } finally {
      const ends = children.map((child) => once(child, 'exit'))
      for (const child of children) child.stdin.end()
      await Promise.all(ends)
    }
  }

  test.each([
    ['no file', async () => scratch()],
    ['a file', () => written(school(3))],
  ])('of six overwriting writers that start on %s, one wins and the others fail with ERR_LOCKED', async (_, made) => {
    const path = await made()
    const source = `
      import { TrackingWriter } from 'h5tracks'
      import { CAMERAS, school } from 'frames'
      try {
        const writer = new TrackingWriter(process.argv[2], CAMERAS, { overwrite: true })
        writer.writeFrame(0, school(1)[0].tracks)
        console.log('won', process.pid)
        process.stdin.resume().on('end', () => writer.closeSync())
      } catch ({ code, message }) {
        console.log(code, message)
        process.stdin.resume()
      }`
    const words = await race(6, source, path)
    const [winner, ...others] = words.sort((a) => (a.startsWith('won') ? -1 : 1))
    expect(winner).toMatch(/^won \d+$/)
    for (const word of others) expect(word).toMatch(/^ERR_LOCKED /)
    // A loser may name another loser that held the lock for a moment.
    expect(others.filter((word) => word.includes(winner!.replace('won ', 'pid '))).length).toBeGreaterThan(0)
    await expectFrames(path, school(1))
    expect(existsSync(journalOf(path))).toBe(false)
  })

  test('of six recoveries that start at once, one rebuilds the file and the others do nothing or fail with ERR_LOCKED', async () => {
    const path = await killed(653)
    const source = `
      import { recover } from 'h5tracks'
      await recover(process.argv[2]).then(({ action, frames }) => console.log(action, frames), ({ code }) => console.log(code))
      process.stdin.resume()`
    const words = await race(6, source, path)
    expect(words.filter((word) => word === 'rebuilt 653')).toHaveLength(1)
    for (const word of words) expect(word).toMatch(/^(rebuilt 653|none 653|ERR_LOCKED)$/)
    await expectFrames(path, school(653))
  })
})

test.runIf(process.platform === 'linux')(
  'a child process of a writer inherits neither the file nor its lock',
  async () => {
    const path = scratch()
    const source = `
    import { spawn } from 'node:child_process'
    import { TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    const writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    const child = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' })
    console.log(child.pid)
    process.kill(process.pid, 'SIGKILL')`
    const writer = spawn(process.execPath, [program(source), path], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [word] = (await once(writer.stdout, 'data')) as [Buffer]
    await once(writer, 'exit')
    try {
      expect(await recover(path)).toMatchObject({ frames: 25 })
    } finally {
      process.kill(Number(word))
    }
  },
)
