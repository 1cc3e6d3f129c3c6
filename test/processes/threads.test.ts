import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Node shares a few threads of libuv between file access, name look-ups and compression. The library has threads of its own: it
// neither waits for libuv's nor blocks them.

test('a writer and a reader work while all threads of libuv are blocked', async () => {
  const fifo = scratch('fifo')
  execFileSync('mkfifo', [fifo])
  const source = `
    import { open } from 'node:fs/promises'
    import { openSync } from 'node:fs'
    import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
    import { CAMERAS, school } from 'frames'
    const [, , fifo, path] = process.argv
    // Waits in libuv's only thread until the other end is opened.
    let freed = false
    const blocked = open(fifo, 'r').then((handle) => { freed = true; return handle.close() })
    const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
    for (const { frameIndex, tracks } of school(95)) if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
    await writer.flush()
    await writer.close()
    const { frameIndex } = await readTrackingResults(path)
    const reader = new TrackingReader(path)
    const { fishId } = await reader.read({ start: 10, stop: 12, fields: ['fishId'] })
    console.log(frameIndex.shape[0], fishId.shape.join('x'), freed)
    openSync(fifo, 'r+')
    await blocked`
  const { stdout, stderr, code } = await runNode(source, [fifo, scratch('tracks.h5')], {
    env: { UV_THREADPOOL_SIZE: '1' },
  })
  expect({ stdout, stderr, code }).toEqual({ stdout: '95 2x9 false\n', stderr: '', code: 0 })
})
