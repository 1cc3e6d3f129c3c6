import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { readTrackingResults } from 'h5tracks'
import { expect, test } from 'vitest'
import { ADDON } from '../support/addon.js'
import { runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'

// What Electron does otherwise than Node, done by Node. An engine that refuses native memory is found out at run time: here Node itself, whose function for it is replaced by one that
// refuses, as Electron's does (napi_no_external_buffers_allowed), and counts.

const OWN = 'napi_create_external_arraybuffer'
const REFUSING = 'napi_refuse_external_arraybuffer'

const stub = `
  #include <stdio.h>
  static int calls;
  int ${REFUSING}(void *env, void *data, size_t bytes, void *drop, void *hint, void **result) {
    ++calls;
    return 22;
  }
  __attribute__((destructor)) static void report(void) { if (calls) fprintf(stderr, "refused %d times", calls); }
`

/** A copy of the addon that calls the stub, and the environment that loads both. */
function refusing(): NodeJS.ProcessEnv {
  const [source, library, addon] = [scratch('stub.c'), scratch('stub.so'), scratch('addon.node')]
  writeFileSync(source, stub)
  execFileSync('gcc', ['-shared', '-fPIC', '-o', library, source])
  const bytes = readFileSync(ADDON)
  const at = bytes.indexOf(`\0${OWN}\0`, 0, 'latin1')
  expect(at).toBeGreaterThan(0)
  bytes.write(REFUSING, at + 1, 'latin1')
  writeFileSync(addon, bytes)
  return { H5TRACKS_ADDON: addon, LD_PRELOAD: `${process.env.LD_PRELOAD ?? ''} ${library}`.trim() }
}

test.skipIf(process.platform !== 'linux')(
  'an engine that refuses native memory is asked once, and then rows and results are copied',
  async () => {
    const path = scratch()
    const source = `
      import { readTrackingResults, TrackingWriter } from 'h5tracks'
      import { CAMERAS, school } from 'frames'
      const path = process.argv[2]
      const writer = new TrackingWriter(path, CAMERAS, { chunkFrames: 10 })
      for (const { frameIndex, tracks } of school(45)) if (!writer.writeFrame(frameIndex, tracks)) await writer.drain()
      await writer.close()
      const { frameIndex } = await readTrackingResults(path)
      console.log(frameIndex.data.length)`
    const finished = await runNode(source, [path], { env: refusing() })
    expect(finished).toEqual({ code: 0, signal: null, stdout: '45\n', stderr: 'refused 1 times' })
    const frames = school(45)
    expect(columnsRead(await readTrackingResults(path))).toEqual(columnsOf(frames, CAMERAS, 9))
  },
)

test('in Electron, whose program is Node only if a variable says so, an untrusted file is read by Node', async () => {
  const [path, electron] = [scratch(), scratch('electron')]
  writeFileSync(
    electron,
    `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] && exec '${process.execPath}' "$@"\necho a window\nexit 1\n`,
  )
  chmodSync(electron, 0o755)
  const source = `
    Object.defineProperty(process.versions, 'electron', { value: '45.5.0' })
    process.execPath = ${JSON.stringify(electron)}
    const { readTrackingResults, TrackingWriter } = await import('h5tracks')
    const path = process.argv[2]
    new TrackingWriter(path, ['top']).closeSync()
    const { frameIndex } = await readTrackingResults(path, { untrusted: true })
    console.log(frameIndex.data.length)`
  expect(await runNode(source, [path])).toEqual({ code: 0, signal: null, stdout: '0\n', stderr: '' })
})
