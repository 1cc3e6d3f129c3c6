import { once } from 'node:events'
import { readTrackingResultsSync, TrackingReader, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { run, startNode } from '../support/process.js'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { writeWithH5py } from '../support/tracking/json-lines.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'
import { fish, h5tracks, MAIN, start } from './command.js'

// `h5tracks tail` prints the last frames of a file as lines, and follows new ones.

const frames = school(30)
const numbers = (stdout: string) =>
  stdout.split('\n').flatMap((line) => (line === '' ? [] : [Number.parseInt(line, 10)]))
const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)

/** Collects the output as it arrives; `until` waits for a text in it. */
function listen(args: readonly string[]) {
  const { child, ended } = start(args)
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const until = async (text: string) => {
    while (!stdout.includes(text)) await once(child.stdout, 'data')
    return stdout
  }
  return { child, until, ended: ended.then((how) => ({ ...how, stdout })) }
}

describe('tail of a finished file', () => {
  test('tail prints the frame number, the number of fish and their positions', async () => {
    const path = scratch()
    {
      using writer = new TrackingWriter(path, ['top', 'front'])
      writer.writeFrame(7, [fish(3), fish(12, { centroid3d: null })])
      writer.writeFrame(2 ** 40, [])
      writer.writeFrame(2n ** 60n, [fish(0, { centroid3d: [-1000.12345, 0, 1e-9] })])
    }
    expect(await h5tracks(['tail', path])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: [
        '       7  2 fish  3 (1.500, 2.500, 3.500)  12 -',
        '1099511627776  0 fish',
        '1152921504606846976  1 fish  0 (-1000.123, 0.000, 0.000)',
        '',
      ].join('\n'),
    })
  })

  test('tail prints the last ten frames, or as many as -n asks for', async () => {
    const path = await written(frames)
    const shown = async (...args: string[]) => numbers((await h5tracks(['tail', path, ...args])).stdout)
    expect(await shown()).toEqual(upTo(20, 30))
    expect(await shown('-n', '3')).toEqual(upTo(27, 30))
    expect(await shown('--lines', '100')).toEqual(upTo(0, 30))
    expect(await shown('-n', '0')).toEqual([])
    expect(await shown('-f', '-n', '2')).toEqual([28, 29])
  })

  test('import of tail --json recreates the file with its cameras, sizes and metadata', async () => {
    const infinite = { confidence: Infinity, reprojectionResidual: -Infinity }
    const all = [
      ...frames,
      { frameIndex: 2n ** 60n, tracks: [] },
      { frameIndex: 2n ** 61n, tracks: [{ ...frames[0]!.tracks[0]!, ...infinite }] },
    ]
    const metadata = {
      fps: 29.97,
      note: 'tank "4"\n: NaN',
      night: true,
      t0: 2n ** 60n + 1n,
      gain: Number.NaN,
      limits: [-Infinity, 0.1],
      names: ['a', 'é'],
      flags: [true, false],
      empty: [],
      tank_size: Float32Array.of(0.1, 2, 3),
      K: { data: Float64Array.of(800.5, 0, 1e-300, NaN, -1, 0.1), shape: [2, 3] },
      counts: { data: BigInt64Array.of(2n ** 62n, -1n), shape: [1, 2] },
    }
    const path = await written(all, CAMERAS, { maxFish: 5, chunkFrames: 7, metadata })
    const { stdout, stderr } = await h5tracks(['tail', '--json', '-n', '32', path])
    expect(stderr).toBe('')
    const again = scratch()
    expect(await h5tracks(['import', '-', again], { input: stdout })).toMatchObject({ code: 0, stderr: '' })
    expect(columnsRead(readTrackingResultsSync(again))).toEqual(columnsOf(all, CAMERAS, 5))
    using first = new TrackingReader(path)
    using second = new TrackingReader(again)
    expect(second.metadata).toEqual(first.metadata)
    expect(second.chunkFrames).toBe(7)
  })

  test('import of tail --json recreates a file in AquaPose’s layout by h5py, and tail names the metadata it leaves out', async () => {
    const path = scratch()
    await writeWithH5py(path, { cameras: CAMERAS, maxFish: 4, chunkFrames: 10 }, frames)
    await h5py(
      path,
      'r+',
      'a = f["tracking"].attrs; a["ok"] = np.float32(0.1); a["pair"] = np.array([(1, 2.0)], "i4,f8")',
    )
    const { stdout, stderr } = await h5tracks(['tail', '--json', '-n', '30', path])
    expect(stderr).toBe('h5tracks: metadata left out, because JSON lines cannot hold it: pair\n')
    const again = scratch()
    expect(await h5tracks(['import', '-', again], { input: stdout })).toMatchObject({ code: 0, stderr: '' })
    expect(columnsRead(readTrackingResultsSync(again))).toEqual(columnsOf(frames, CAMERAS, 4))
    expect(readTrackingResultsSync(again).metadata.ok).toBe(Math.fround(0.1))
  })

  test('tail exits with 0 when the reader of its output closes the pipe', async () => {
    const path = await written(school(20_000))
    const shell = `"${process.execPath}" "${MAIN}" tail -n 20000 "${path}" | head -n 2; echo "\${PIPESTATUS[0]}"`
    const { stdout, stderr } = await run('bash', ['-c', shell])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^ {7}0 {2}3 fish .*\n {7}1 {2}3 fish .*\n0\n$/)
  })
})

const writing = `
  import { once } from 'node:events'
  import { TrackingWriter } from 'h5tracks'
  import { CAMERAS, school } from 'frames'
  const frames = school(1000)
  const writer = new TrackingWriter(process.argv[2], CAMERAS, { chunkFrames: 10, metadata: { fps: 60 } })
  const write = (from, to) => {
    for (const { frameIndex, tracks } of frames.slice(from, to)) writer.writeFrame(frameIndex, tracks)
  }
  write(0, 25)
  console.log('written')
  process.stdin.resume().on('end', () => { write(25, 30); writer.closeSync() })`

describe('tail of a file that is being written', () => {
  test('tail prints the last accepted frames of a file that is being written', async () => {
    const path = scratch()
    await using writer = await startNode(writing, [path])
    const { code, stdout } = await h5tracks(['tail', path, '-n', '4'])
    expect({ code, numbers: numbers(stdout) }).toEqual({ code: 0, numbers: upTo(21, 25) })
    expect(await writer.end()).toBe(0)
  })

  test('tail --json of a file that is being written begins with its header line', async () => {
    const path = scratch()
    await using writer = await startNode(writing, [path])
    const { stdout } = await h5tracks(['tail', '--json', '-n', '1', path])
    const [header, frame] = stdout.split('\n').map((line) => (line === '' ? null : JSON.parse(line)))
    expect(header).toEqual({ cameras: CAMERAS, maxFish: 9, chunkFrames: 10, metadata: { fps: 60 } })
    expect(frame).toMatchObject({ frame: 24 })
    expect(await writer.end()).toBe(0)
  })

  test('tail -f prints new frames until the writer closes the file', async () => {
    const path = scratch()
    await using writer = await startNode(writing, [path])
    const tail = listen(['tail', '-f', '-n', '2', path])
    expect(numbers(await tail.until('\n      24  '))).toEqual([23, 24])
    expect(await writer.end()).toBe(0)
    const { code, stdout, stderr } = await tail.ended
    expect({ code, stderr, numbers: numbers(stdout) }).toEqual({ code: 0, stderr: '', numbers: upTo(23, 30) })
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('tail -f runs until %s', async (signal, code) => {
    const path = scratch()
    await using writer = await startNode(writing, [path])
    const tail = listen(['tail', '--follow', path])
    await tail.until('\n      24  ')
    tail.child.kill(signal)
    expect(await tail.ended).toMatchObject({ code, signal: null, stderr: `h5tracks: stopped by ${signal}\n` })
    expect(await writer.end()).toBe(0)
  })

  test('tail -f ends when its output is closed', async () => {
    const path = scratch()
    await using writer = await startNode(writing, [path])
    const tail = listen(['tail', '-f', path])
    await tail.until('\n      24  ')
    tail.child.stdout.destroy()
    expect(await writer.end()).toBe(0)
    expect(await tail.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
  })

  test('tail -f ends when the writer dies, and names h5tracks recover', async () => {
    const path = scratch()
    const writer = await startNode(writing, [path])
    const tail = listen(['tail', '-f', path])
    await tail.until('\n      24  ')
    await writer[Symbol.asyncDispose]()
    const { code, stderr } = await tail.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^h5tracks: the writer of .* died; .*h5tracks recover.* \[ERR_NEEDS_RECOVERY\]\n$/)
    expect((await h5tracks(['tail', path])).stderr).toBe(stderr)
  })
})

test('tail fails for a missing file and refuses a negative number of lines', async () => {
  expect(await h5tracks(['tail', scratch()])).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') })
  expect(await h5tracks(['tail', '-n', '-1', 'a.h5'])).toMatchObject({ code: 2, stdout: '' })
})
