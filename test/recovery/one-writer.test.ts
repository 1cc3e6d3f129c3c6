import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { recover, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { failure } from '../support/errors.js'
import { python } from '../support/interpreter.js'
import { program, startNode, startProgram } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { expectFrames } from '../support/tracking/expect-frames.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { journalOf, killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'

// One writer, or one recovery, at a time, in whatever process. The locks are the system's and die with their holder: no
// process id is believed in, and a dead process is in nobody's way.

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

describe('beside a writer that lives', () => {
  test('recovery and resume are refused, and name it; it is not disturbed', async () => {
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

  test('of this process: the same', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
    for (const action of [recover, TrackingWriter.resume]) {
      expect(await failure(() => action(path))).toMatchObject({ code: 'ERR_LOCKED', path })
    }
  })
})

describe('beside a recovery that runs', () => {
  // Its locks, held by another program: the journal's first byte, and the file against who would write it.
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

  test('nobody else begins: not another recovery, not a writer, not a reader', async () => {
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
      expect(readFileSync(path)).toEqual(before)
      await child.end()
    }
    expect(await recover(path)).toMatchObject({ frames: 25 })
    await expectFrames(path, school(25))
  })

  test('a recovery that is killed is in nobody’s way', async () => {
    const path = await killed(25)
    {
      await using _child = await recovering(path)
    }
    expect(await recover(path)).toMatchObject({ frames: 25 })
  })
})

describe('many at once', () => {
  /** Starts `count` programs that say one word and then wait; gives the words, and ends them. */
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
  ])('overwriting writers where there is %s: one wins, the others are told who', async (_, made) => {
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
    // Who was refused by one that was refused itself a moment later is told of that one.
    expect(others.filter((word) => word.includes(winner!.replace('won ', 'pid '))).length).toBeGreaterThan(0)
    await expectFrames(path, school(1))
    expect(existsSync(journalOf(path))).toBe(false)
  })

  test('recoveries: one does it, the others are refused or find nothing to do', async () => {
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

test.runIf(process.platform === 'linux')('a child of the writer inherits neither file nor lock', async () => {
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
})
