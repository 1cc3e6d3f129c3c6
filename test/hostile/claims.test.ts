import { TrackingReader } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { h5tracks } from '../cli/command.js'
import { failure } from '../support/errors.js'
import { h5py } from '../support/python.js'
import { megabytes } from '../support/sanitized.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { written } from '../support/tracking/writing.js'
import { report } from './report.js'
import { run } from './runner.js'

// A small file can claim to be a large one. Nothing is allocated, and no time is spent, because a file says so.

/** A whole tracking file of seven frames, and what h5py lines make of it. */
async function changed(lines: string): Promise<string> {
  const path = await written(school(7), CAMERAS, { chunkFrames: 4 })
  await h5py(path, 'r+', `g = f["tracking"]\n${lines}`)
  return path
}

/** Does something to every dataset `d`. */
const everywhere = (line: string) => `def each(name, d):
  if isinstance(d, h5py.Dataset): ${line}
g.visititems(each)`

const remade = (name: string, lines: string) => `p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
s = h5py.h5s.create_simple(g["${name}"].shape, (h5py.h5s.UNLIMITED, 9))
values = g["${name}"][:]
del g["${name}"]
${lines}
d = h5py.h5d.create(g.id, b"${name}", h5py.h5t.STD_I32LE, s, p)`

/** What is claimed, how, and where it is refused with which code, if it is. */
const claims: [string, string, { opening?: string; reading?: string }][] = [
  ['2^50 frames', everywhere('d.resize(2**50, 0)'), { opening: 'ERR_TOO_LARGE' }],
  [
    'as many frames as a file of its size can never hold',
    everywhere('d.resize(2 * 10**7, 0)'),
    { opening: 'ERR_TOO_LARGE' },
  ],
  ['some more frames than are stored', everywhere('d.resize(5000, 0)'), { reading: 'ERR_FORMAT' }],
  ['chunks of nearly 4 GiB', remade('fish_id', 'p.set_chunk((10**8, 9)); p.set_deflate(4)'), { reading: 'ERR_FORMAT' }],
  [
    'values that are compressed four times over',
    remade('n_cameras', `p.set_chunk((4, 9))\nfor i in range(4): p.set_deflate(9)`),
    { opening: 'ERR_FORMAT' },
  ],
  ['thousands of cameras', 'g.attrs["camera_names"] = [f"c{i}" for i in range(4000)]', { opening: 'ERR_FORMAT' }],
  ['groups within groups, thousands deep', 'x = g\nfor i in range(3000): x = x.create_group("x")', {}],
  [
    'groups that hold each other',
    'g["bboxes/up"] = g\ng["again"] = g\ng["soft"] = h5py.SoftLink("/tracking/soft")',
    {},
  ],
]

describe('a file that claims', () => {
  test.each(claims)('%s', async (_, lines, { opening, reading }) => {
    const path = await changed(lines)
    if (opening) expect((await failure(() => new TrackingReader(path))).code).toBe(opening)
    else new TrackingReader(path).close()
    for (const way of ['inProcess', 'untrusted'] as const) {
      const { failures, codes } = await report(
        run({ kind: 'tracking', way, inputs: [path], seconds: 60 }),
        megabytes(64),
      )
      expect(failures).toEqual([])
      const code = opening ?? reading
      if (code) expect([...codes.keys()]).toContain(code)
    }
    const { code } = await h5tracks(['info', path])
    expect(code).toBe(opening || reading ? 1 : 0)
  })
})
