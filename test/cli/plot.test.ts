import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { TrackingWriter, type TrackRecord } from 'h5tracks'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { h5tracks } from './served.js'

// A picture shows exactly the content of the file: every position and every motion from one frame to the next.

type Point = [number, number, number]

function fish(fishId: number, centroid3d: Point | null): TrackRecord {
  const rest = { confidence: 1, reprojectionResidual: 0, nCameras: 2, isConfirmed: true }
  return { fishId, centroid3d, ...rest, cameraDetections: {}, bboxes: {} }
}

/** A file with a tank of 200 x 100 x 60, which fixes the scale of the pictures. */
function written(frames: Iterable<[number, TrackRecord[]]>, metadata = {}): string {
  const path = scratch()
  using writer = new TrackingWriter(path, [], {
    metadata: { tank_size: [200, 100, 60], ...metadata },
    frameOrder: 'any',
  })
  for (const [frame, tracks] of frames) writer.writeFrame(frame, tracks)
  return path
}

async function drawn(path: string) {
  const picture = scratch('fish.svg')
  const { code, stdout, stderr } = await h5tracks(['plot', path, picture])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { document } = parseHTML(readFileSync(picture, 'utf8').replace(/^<\?xml.*\n/, ''))
  const [top] = document.querySelectorAll('svg > g > svg')
  const data = (label: string) =>
    [...top!.querySelectorAll(`g[aria-label="${label}"]`)]
      .slice(0, 1)
      .flatMap((group) => [...group.querySelectorAll('path')].map((path) => path.getAttribute('d')!))
  return { stdout, picture, text: document.querySelector('svg')!.textContent!, top: top!, data }
}

/** Pixel of a point in the top view: a tank of 200 x 100 with a margin of 3 % on 860 x 430. */
const pixel = ([x, y]: Point) => [58 + (860 * (x + 6)) / 212, 26 + (430 * (103 - y)) / 106] as const
const lines = (data: string) =>
  data
    .split('M')
    .filter(Boolean)
    .map((line) => line.split('L').map((point) => point.split(',').map(Number) as [number, number]))

const distance = ([a, b]: readonly [number, number], [c, d]: readonly [number, number]) => Math.hypot(a - c, b - d)

/** Distance of a point from a line segment. */
function distanceTo(from: readonly [number, number], to: readonly [number, number], at: readonly [number, number]) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]]
  const along = ((at[0] - from[0]) * dx + (at[1] - from[1]) * dy) / (dx * dx + dy * dy)
  const share = Math.min(1, Math.max(0, along))
  return distance(at, [from[0] + share * dx, from[1] + share * dy])
}

describe('lines of a picture', () => {
  test('the line of a long recording passes through every position in temporal order, and through no other', async () => {
    // The fish turns at every seventh frame, so subsampling would draw motions that never happened.
    const places = Array.from({ length: 4001 }, (_, f): Point => [f / 20.005, f % 7 === 0 ? 90 : 10 + (f % 5), 30])
    const { data, stdout } = await drawn(written(places.map((place, f) => [f, [fish(1, place)]])))
    expect(stdout).toBe('')
    const [line, ...others] = data('line').flatMap(lines)
    expect(others).toEqual([])
    let at = 0
    for (const [i, point] of line!.entries()) {
      while (distance(point, pixel(places[at]!)) > 0.1) {
        // An omitted position is within a pixel of the line.
        expect(distanceTo(line![i - 1]!, point, pixel(places[at]!))).toBeLessThan(1)
        at++
      }
    }
    expect(at).toBe(4000)
  })

  test('the line of a fish that swims straight on has two points, however long it is', async () => {
    const { data } = await drawn(written(Array.from({ length: 3000 }, (_, f) => [f, [fish(1, [f / 20, f / 40, 30])]])))
    expect(data('line').flatMap(lines)[0]).toHaveLength(2)
  })

  test('the line of a fish that hardly moves has few points', async () => {
    const places = Array.from({ length: 5000 }, (_, f): Point => [100 + f / 5000, 50 + 0.05 * Math.sin(f), 30])
    const { data } = await drawn(written(places.map((place, f) => [f, [fish(1, place)]])))
    expect(data('line').flatMap(lines)[0]!.length).toBeLessThan(20)
  })

  const straight = (frame: number): Point => [10 + frame, 50, 30]
  const piecesOf = async (frames: number[], known = (_: number) => true) => {
    const rows = frames.map((frame, i): [number, TrackRecord[]] => [
      frame,
      [fish(1, known(i) ? straight(frame) : null)],
    ])
    const { data, text } = await drawn(written(rows))
    return { pieces: data('line').flatMap(lines).length, dots: data('dots').join('').split('M').length - 1, text }
  }

  test.each([
    ['frames are missing', [0, 1, 2, 50, 51, 52]],
    ['frames of a slower camera are missing', [0, 5, 10, 15, 40, 45, 50]],
    ['the frame numbers decrease', [40, 41, 42, 43, 10, 11, 12]],
  ])('plot interrupts a line where %s', async (_why, frames) => {
    expect(await piecesOf(frames)).toMatchObject({
      pieces: 2,
      dots: 0,
      text: expect.stringContaining('not known: 1 time'),
    })
  })

  test('plot interrupts a line at unknown positions and draws an isolated position as a dot', async () => {
    const seen = await piecesOf([0, 1, 2, 3, 4, 5, 6, 7], (i) => i !== 2 && i !== 4)
    expect(seen).toMatchObject({ pieces: 2, dots: 1, text: expect.stringContaining('not known: 2 times') })
  })

  test.each([
    ['every fifth frame', [0, 5, 10, 15, 20]],
    ['frames numbered by a clock', [0, 33, 67, 100, 133, 167]],
  ])('plot does not interrupt a line with %s', async (_how, frames) => {
    const { pieces, text } = await piecesOf(frames)
    expect(pieces).toBe(1)
    expect(text).not.toContain('interrupted')
  })
})

test('plot counts the same fish as info, including those of a single frame and those without a position', async () => {
  const frames = Array.from({ length: 5001 }, (_, f): [number, TrackRecord[]] => {
    const tracks = [fish(1, [10 + f / 50, 20, 30])]
    if (f === 2501) tracks.push(fish(2, [50, 80, 30]))
    if (f === 3) tracks.push(fish(7, null))
    return [f, tracks]
  })
  const path = written(frames, { fps: 30 })
  const { stdout, text, top } = await drawn(path)
  const info = JSON.parse((await h5tracks(['info', '--json', path])).stdout)
  expect(info.fish.count).toBe(3)
  expect(text).toContain('3 fish  ·  5,001 frames')
  expect(text).toContain('fish 7: no position')
  expect(stdout).toBe('Not drawn: 1 fish of 3 whose position is never known.\n')
  expect(text).toContain(stdout.trim())
  const circles = [...top.querySelectorAll('circle[r="5"]')].map((circle) =>
    ['cx', 'cy'].map((at) => Number(circle.getAttribute(at))),
  )
  expect(circles).toHaveLength(2)
  expect(circles.some(([x, y]) => distance([x!, y!], pixel([50, 80, 30])) < 0.1)).toBe(true)
})

test('plot prints the same duration as info, from the first frame to the last', async () => {
  const path = written(
    [0, 1, 299].map((frame) => [frame, [fish(1, [frame / 3, 2, 3])]]),
    { fps: 30 },
  )
  expect(JSON.parse((await h5tracks(['info', '--json', path])).stdout).seconds).toBe(10)
  expect((await drawn(path)).text).toContain('3 frames  ·  10.0 s')
})

test('plot counts partly unknown positions and does not draw them', async () => {
  const path = written([0, 1, 2].map((frame) => [frame, [fish(1, [frame, 2, 3])]]))
  await h5py(path, 'r+', 'f["tracking/centroid_3d"][1, 0] = [np.nan, 2, 3]')
  const { stdout, data } = await drawn(path)
  expect(stdout).toBe('Not drawn: 1 position partly unknown or not finite.\n')
  expect(data('dots').join('').match(/M/g)).toHaveLength(2)
})

test('plot draws a very long recording as pixels that cover every position, in a small picture', async () => {
  let seed = 7
  const next = () => {
    seed = (seed * 16807) % 2147483647
    return seed / 2147483647
  }
  const places = Array.from({ length: 120_000 }, (): Point => [200 * next(), 100 * next(), 60 * next()])
  const path = written(places.map((place, f) => [f, [fish(1, place)]]))
  const { stdout, picture, data } = await drawn(path)
  expect(stdout).toBe(
    'Drawn as pixels, because the lines have too many points: 1 fish. The last fish at a pixel gives its colour.\n',
  )
  expect(statSync(picture).size).toBeLessThan(8e6)
  const covered = new Set<number>()
  for (const [, x, y, length] of data('pixels')
    .join('')
    .matchAll(/M(\d+)\.5,(\d+)\.5h(\d+)/g)) {
    for (let i = 0; i <= Number(length); i++) covered.add(Number(y) * 4096 + Number(x) + i)
  }
  for (const place of places) {
    const [x, y] = pixel(place).map(Math.floor) as [number, number]
    expect(covered.has(y * 4096 + x)).toBe(true)
  }
})

test('plot draws each of very many fish, without marks for first and last positions', async () => {
  const frames = Array.from({ length: 500 }, (_, f): [number, TrackRecord[]] => [f, [fish(f, [f / 5, 20, 30])]])
  const { stdout, data, top } = await drawn(written(frames))
  expect(stdout).toBe('Not marked: the first and last position of each of 500 fish.\n')
  expect(data('dots').join('').match(/M/g)).toHaveLength(500)
  expect(top.querySelectorAll('circle')).toHaveLength(0)
})

describe('the output of plot', () => {
  const tracks = written([0, 1].map((frame) => [frame, [fish(1, [frame, 2, 3]), fish(2, null)]]))

  test.each(['fish.jpg', 'fish.PDF', 'fish.h5', 'fish.svgz'])(
    'plot and demo refuse the picture %s and name a way to convert SVG',
    async (name) => {
      const picture = join(dirname(scratch()), name)
      const { code, stderr } = await h5tracks(['plot', tracks, picture])
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(
          /^h5tracks: .* was not written: pictures are SVG or PNG\. Pass .*fish\.svg or .*fish\.png; rsvg-convert.*\n$/,
        ),
      })
      expect(existsSync(picture)).toBe(false)
      const demo = await h5tracks(['demo', scratch(), '--frames', '5', '--plot', picture])
      expect(demo).toMatchObject({ code: 2, stdout: '' })
    },
  )

  test('plot writes SVG to a name that ends in .SVG and to a name without extension', async () => {
    for (const name of ['fish.SVG', 'fish']) {
      const picture = join(dirname(scratch()), name)
      expect(await h5tracks(['plot', tracks, picture])).toMatchObject({ code: 0 })
      expect(readFileSync(picture, 'utf8')).toMatch(/^<\?xml/)
    }
  })

  test('plot - writes to standard output, and its notes to standard error', async () => {
    const cwd = dirname(scratch())
    const { code, stdout, stderr } = await h5tracks(['plot', tracks, '-'], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Not drawn: 1 fish of 2 whose position is never known.\n' })
    expect(stdout).toMatch(/^<\?xml[\s\S]*<\/svg>\n$/)
    expect(existsSync(join(cwd, '-'))).toBe(false)
  })
})
