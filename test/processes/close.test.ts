import { readTrackingResults } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'

// Closing at awkward moments, in a child process: while work is pending, twice, without awaiting, in the wrong order. The
// process exits with 0, prints no error, and the file is whole.

const frames = school(25)

const around = (body: string) => `
  import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const path = process.argv[2]
  const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 4 })
  for (const { frameIndex, tracks } of school(25)) writer.writeFrame(frameIndex, tracks)
  const code = async (action) => { try { await action(); return 'fine' } catch (error) { return error.code } }
  ${body}
`

describe.each<[string, string, string]>([
  ['twice', 'await writer.close(); await writer.close(); writer.closeSync()', ''],
  ['twice at once', 'await Promise.all([writer.close(), writer.close()])', ''],
  ['without awaiting', 'writer.close()', ''],
  ['synchronously while it closes', 'const closing = writer.close(); writer.closeSync(); await closing', ''],
  [
    'while drain and flush are pending',
    'const pending = [writer.drain(), writer.flush(), writer.drain()]; await writer.close(); await Promise.all(pending)',
    '',
  ],
  ['synchronously while flush is pending', 'const pending = writer.flush(); writer.closeSync(); await pending', ''],
  [
    'and then using it',
    'writer.closeSync(); console.log(await code(() => writer.writeFrame(99, [])), await code(() => writer.drain()), await code(() => writer.flush()), await code(() => writer.flushSync()))',
    'ERR_CLOSED ERR_CLOSED ERR_CLOSED ERR_CLOSED',
  ],
  [
    'and using it while it closes',
    'const closing = writer.close(); console.log(await code(() => writer.writeFrame(99, [])), await code(() => writer.flush())); await closing',
    'ERR_CLOSED ERR_CLOSED',
  ],
  [
    'by Symbol.dispose and then by Symbol.asyncDispose',
    'writer[Symbol.dispose](); await writer[Symbol.asyncDispose]()',
    '',
  ],
  ['from a microtask after a burst of frames', 'queueMicrotask(() => writer.close()); await null', ''],
  [
    'before a reader of its file',
    'const reader = new TrackingReader(path); await writer.close(); console.log(reader.length); reader.close()',
    '25',
  ],
  ['after a reader of its file', 'const reader = new TrackingReader(path); reader.close(); await writer.close()', ''],
  [
    'while a reader of its file reads',
    'const reader = new TrackingReader(path); const read = reader.read(); await writer.close(); await read; reader.close()',
    '',
  ],
])('closing a writer %s', (how, body, stdout) => {
  test(`closing a writer ${how} leaves a whole file and no error`, async () => {
    const path = scratch()
    const child = await runNode(around(body), [path])
    expect(child).toEqual({ code: 0, signal: null, stdout: stdout && `${stdout}\n`, stderr: '' })
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  })
})
