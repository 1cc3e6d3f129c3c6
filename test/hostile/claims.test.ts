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

// A small file can claim to be large. The claim alone costs neither memory nor time.

/** A whole tracking file of seven frames, changed by lines of h5py. */
async function changed(lines: string): Promise<string> {
  const path = await written(school(7), CAMERAS, { chunkFrames: 4 })
  await h5py(path, 'r+', `g = f["tracking"]\n${lines}`)
  return path
}

/** Runs a line for every dataset `d`. */
const everywhere = (line: string) => `def each(name, d):
  if isinstance(d, h5py.Dataset): ${line}
g.visititems(each)`

const remade = (name: string, lines: string) => `p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
s = h5py.h5s.create_simple(g["${name}"].shape, (h5py.h5s.UNLIMITED, 9))
values = g["${name}"][:]
del g["${name}"]
${lines}
d = h5py.h5d.create(g.id, b"${name}", h5py.h5t.STD_I32LE, s, p)`

/** The claim, the lines that make it, and the code with which opening or reading refuses it. */
const claims: [string, string, { opening?: string; reading?: string }][] = [
  ['2^50 frames', everywhere('d.resize(2**50, 0)'), { opening: 'ERR_TOO_LARGE' }],
  ['more frames than a file of its size can hold', everywhere('d.resize(2 * 10**7, 0)'), { opening: 'ERR_TOO_LARGE' }],
  ['some more frames than are stored', everywhere('d.resize(5000, 0)'), { reading: 'ERR_FORMAT' }],
  ['chunks of nearly 4 GiB', remade('fish_id', 'p.set_chunk((10**8, 9)); p.set_deflate(4)'), { reading: 'ERR_FORMAT' }],
  [
    'values that are compressed four times',
    remade('n_cameras', `p.set_chunk((4, 9))\nfor i in range(4): p.set_deflate(9)`),
    { opening: 'ERR_FORMAT' },
  ],
  ['thousands of cameras', 'g.attrs["camera_names"] = [f"c{i}" for i in range(4000)]', { opening: 'ERR_FORMAT' }],
  ['groups that are nested thousands deep', 'x = g\nfor i in range(3000): x = x.create_group("x")', {}],
  [
    'groups that contain each other',
    'g["bboxes/up"] = g\ng["again"] = g\ng["soft"] = h5py.SoftLink("/tracking/soft")',
    {},
  ],
]

describe('small files with large claims', () => {
  test.each(claims)(
    'a small file that claims %s takes little memory in every way of reading',
    async (_, lines, { opening, reading }) => {
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
    },
  )
})
