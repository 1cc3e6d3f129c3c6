import { symlinkSync, truncateSync } from 'node:fs'
import { check, type Finding, recover, TrackingWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { startNode } from '../../support/process.js'
import { changeTracking, damageChunk, dropRows, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { CAMERAS, fish, school } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// check() returns the defects of a file as data. h5py puts each defect into a good file; check finds it at its place and
// finds nothing else.

const frames = school(35)
const good = () => written(frames, CAMERAS, { chunkFrames: 10, maxFish: 5 })

/** A good file, with `g` = /tracking changed by lines of Python. */
const changed = async (lines: string) => changeTracking(await good(), lines)

type Expected = [
  defect: string,
  lines: string,
  code: Finding['code'],
  dataset: string,
  start: number,
  stop: number,
  text: RegExp,
]

describe('one defect is one finding', () => {
  test.each<Expected>([
    [
      'a repeated frame index',
      'g["frame_index"][12] = 11',
      'frame-order',
      'frame_index',
      12,
      13,
      /frame 12 has 11 after 11/,
    ],
    [
      'a frame index that decreases at the start of a chunk',
      'g["frame_index"][10:] -= 5',
      'frame-order',
      'frame_index',
      10,
      11,
      /has 5 after 9/,
    ],
    [
      'a fish that is twice in a row',
      'g["fish_id"][7, :3] = [0, 2, 2]',
      'duplicate-fish',
      'fish_id',
      7,
      8,
      /fish 2 in slots 1 and 2/,
    ],
    [
      'ids that decrease',
      'g["fish_id"][9:12, :3] = [2, 1, 0]',
      'slot-order',
      'fish_id',
      9,
      12,
      /frame 9 has 2, 1, 0, -1, -1/,
    ],
    ['an id after an empty slot', 'g["fish_id"][3, 4] = 8', 'slot-order', 'fish_id', 3, 4, /0, 1, 2, -1, 8/],
    ['an id below -1', 'g["fish_id"][3, 2] = -2', 'negative-id', 'fish_id', 3, 4, /slot 2 of frame 3 has -2/],
    [
      'an assignment below -1',
      'g["camera_assignments/east"][3, 2] = -9',
      'negative-value',
      'camera_assignments/east',
      3,
      4,
      /-9/,
    ],
    [
      'a camera count below 0',
      'g["n_cameras"][34, 0] = -1',
      'negative-value',
      'n_cameras',
      34,
      35,
      /slot 0 of frame 34 has -1/,
    ],
    [
      'a position that is partly NaN',
      'g["centroid_3d"][5, 1, 2] = np.nan',
      'partial-position',
      'centroid_3d',
      5,
      6,
      /1\.3125, -1\.625, NaN/,
    ],
    [
      'a box without a height',
      'g["bboxes/east"][6, 1] = [3, 4, 5, -1]',
      'partial-box',
      'bboxes/east',
      6,
      7,
      /3, 4, 5, -1/,
    ],
    [
      'a position in an empty slot',
      'g["centroid_3d"][20:22, 4, 1] = 1.5',
      'value-without-fish',
      'centroid_3d',
      20,
      22,
      /slot 4 of frame 20 has 1\.5/,
    ],
    [
      'a confidence in an empty slot',
      'g["confidence"][20, 3] = np.nan',
      'value-without-fish',
      'confidence',
      20,
      21,
      /NaN/,
    ],
    [
      'a residual in an empty slot',
      'g["reprojection_residual"][0, 3] = 0',
      'value-without-fish',
      'reprojection_residual',
      0,
      1,
      /has 0/,
    ],
    [
      'a camera count in an empty slot',
      'g["n_cameras"][20, 3] = 2',
      'value-without-fish',
      'n_cameras',
      20,
      21,
      /has 2/,
    ],
    [
      'a confirmation in an empty slot',
      'g["is_confirmed"][20, 3] = True',
      'value-without-fish',
      'is_confirmed',
      20,
      21,
      /has 1/,
    ],
    [
      'a detection in an empty slot',
      'g["camera_assignments/south"][20, 3] = 0',
      'value-without-fish',
      'camera_assignments/south',
      20,
      21,
      /has 0/,
    ],
    [
      'a box in an empty slot',
      'g["bboxes/north"][20, 3, 3] = 7',
      'value-without-fish',
      'bboxes/north',
      20,
      21,
      /slot 3 of frame 20 has 7/,
    ],
    [
      'a dataset with fewer rows than the others',
      'g["confidence"].resize(31, axis=0)',
      'lengths-differ',
      'confidence',
      31,
      35,
      /31 rows.*frame_index has 35/,
    ],
    [
      'a dataset without rows',
      'g["frame_index"].resize(0, axis=0)',
      'lengths-differ',
      'frame_index',
      0,
      35,
      /0 rows.*fish_id has 35/,
    ],
  ])('check reports one finding for %s', async (_, lines, code, name, start, stop, text) => {
    const path = await changed(lines)
    const severity = code.startsWith('partial') ? 'warning' : 'error'
    const finding = {
      code,
      severity,
      dataset: `/tracking/${name}`,
      frames: { start, stop },
      ranges: [{ start, stop }],
      count: stop - start,
      text: expect.stringMatching(text),
    }
    expect(await check(path)).toEqual({ path, frames: 35, findings: [finding] })
  })

  test('check reports a flag that is neither 0 nor 1', async () => {
    const path = await changed(`d = g["is_confirmed"]
flags = d[:10].astype("i1")
flags[4, 1] = 2
import zlib
raw = np.frombuffer(flags.tobytes(), "u1").tobytes()
d.id.write_direct_chunk((0, 0), raw, filter_mask=0xffffffff)`)
    expect((await check(path)).findings).toMatchObject([
      { code: 'not-a-flag', severity: 'error', dataset: '/tracking/is_confirmed', frames: { start: 4, stop: 5 } },
    ])
  })

  test.each(['frame_index', 'fish_id', 'centroid_3d', 'bboxes/south'])(
    'check reports absent chunks of %s as missing rows',
    async (name) => {
      const path = await good()
      await dropRows(path, `tracking/${name}`, 10, 30)
      const { findings } = await check(path)
      expect(findings).toMatchObject([
        {
          code: 'missing-rows',
          severity: 'error',
          dataset: `/tracking/${name}`,
          frames: { start: 10, stop: 30 },
          count: 20,
        },
      ])
      expect(findings).toHaveLength(1)
      expect(findings[0]!.text).toMatch(/never written/)
    },
  )

  test('check reports a chunk that it cannot decode and still checks the other datasets', async () => {
    const path = await changed('g["n_cameras"][12, 4] = 3')
    await damageChunk(path, '/tracking/centroid_3d', 1)
    const { findings } = await check(path)
    expect(findings).toMatchObject([
      { code: 'unreadable', severity: 'error', dataset: '/tracking/centroid_3d', frames: { start: 10, stop: 20 } },
      { code: 'value-without-fish', dataset: '/tracking/n_cameras', frames: { start: 12, stop: 13 } },
    ])
  })
})

describe('many defects', () => {
  test('check orders its findings by dataset, as the file does', async () => {
    const path = await changed('g["bboxes/east"][9, 4, 0] = 1\ng["fish_id"][8, 4] = 5\ng["frame_index"][7] = 0')
    const { findings } = await check(path)
    expect(findings.map(({ code, frames }) => [code, frames?.start])).toEqual([
      ['frame-order', 7],
      ['slot-order', 8],
      ['value-without-fish', 9],
    ])
  })

  test('check gives defects of one kind as one finding: a count and the first 100 ranges of frames', async () => {
    const path = await written(school(1000, 1, []), [], { maxFish: 2, chunkFrames: 100 })
    await h5py(path, 'r+', 'f["tracking/n_cameras"][::4, 1] = 1\nf["tracking/n_cameras"][1::4, 1] = 1')
    const { findings } = await check(path)
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ code: 'value-without-fish', frames: { start: 0, stop: 998 }, count: 500 })
    expect(findings[0]!.ranges).toEqual(Array.from({ length: 100 }, (_, n) => ({ start: 4 * n, stop: 4 * n + 2 })))
  })

  test('check locates defects in every window of a long file, whatever its chunk length', async () => {
    const marks = [0, 1, 4095, 4096, 17_001, 29_999]
    for (const chunkFrames of [7, 1000, 30_000]) {
      const path = scratch()
      {
        await using writer = new TrackingWriter(path, ['top'], { maxFish: 40, chunkFrames })
        for (let n = 0; n < 30_000; n++) if (!writer.writeFrame(n, [fish(n % 5, 0, ['top'])])) await writer.drain()
      }
      await h5py(path, 'r+', `for n in ${JSON.stringify(marks)}: f["tracking/confidence"][n, 39] = 1`)
      const { findings } = await check(path)
      expect(findings).toMatchObject([{ code: 'value-without-fish', count: marks.length }])
      const listed = findings[0]!.ranges!.flatMap(({ start, stop }) =>
        Array.from({ length: stop - start }, (_, i) => start + i),
      )
      expect(listed).toEqual(marks)
    }
  })
})

describe('a file that was not closed', () => {
  const unclean = 'g.attrs["closed_cleanly"] = np.bool_(False)'

  test('check reports closed_cleanly = False as an unclean shutdown', async () => {
    const { findings } = await check(await changed(unclean))
    expect(findings).toEqual([{ code: 'unclean-shutdown', severity: 'error', text: expect.stringMatching(/close/) }])
    expect((await check(await changed(unclean.replace('False', 'True')))).findings).toEqual([])
  })

  /** A file whose writer was killed after a flush. */
  async function killed(): Promise<string> {
    const path = scratch()
    await using _writer = await startNode(
      `import { TrackingWriter } from 'h5tracks'
      const writer = (globalThis.kept = new TrackingWriter(process.argv[2], [], { chunkFrames: 10 }))
      for (let n = 0; n < 25; n++) writer.writeFrame(n, [])
      writer.flushSync()
      writer.writeFrame(25, [])
      console.log('written')
      process.stdin.resume()`,
      [path],
    )
    return path
  }
  const left = { code: 'journal-left', severity: 'error', text: expect.stringMatching(/h5tracks recover/) }

  test('check reports a journal left behind, also through a symbolic link, until the file is recovered', async () => {
    const path = await killed()
    const link = scratch('link.h5')
    symlinkSync(path, link)
    for (const name of [path, link]) {
      expect((await check(name)).findings).toMatchObject([left, { code: 'unclean-shutdown', severity: 'error' }])
    }
    await recover(path)
    expect(await check(path)).toEqual({ path, frames: 26, findings: [] })
  })

  test('check reports both the journal left behind and a file that HDF5 cannot open', async () => {
    const path = await killed()
    truncateSync(path, 3000)
    const unreadable = { code: 'unreadable', severity: 'error', text: expect.stringMatching(/truncated/) }
    expect(await check(path)).toEqual({ path, frames: 0, findings: [left, unreadable] })
  })

  test('check reports no unclean shutdown while a writer in this process has the file open', async () => {
    const path = scratch()
    await using writer = new TrackingWriter(path, CAMERAS)
    writer.writeFrame(0, [])
    await writer.flush()
    expect((await check(path)).findings).toEqual([])
  })
})
