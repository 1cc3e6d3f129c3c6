import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { defineLayout, FrameWriter, poseLayout, TrackingWriter, type TrackRecord } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { h5tracks } from './served.js'

// `h5tracks plot` draws all of the part that is asked for, and says what is outside of the picture.

type Place = [number, number, number]

const fish = (fishId: number, centroid3d: Place, bboxes: TrackRecord['bboxes'] = {}): TrackRecord => ({
  ...{ fishId, centroid3d, confidence: 1, reprojectionResidual: 0, nCameras: 2, isConfirmed: true, bboxes },
  cameraDetections: Object.fromEntries(Object.keys(bboxes).map((camera) => [camera, 0])),
})

function tracks(count: number, frame: (f: number) => TrackRecord[], metadata = {}, first = 0): string {
  const path = scratch()
  using writer = new TrackingWriter(path, ['top', 'front'], { metadata, maxFish: 60 })
  for (let f = 0; f < count; f++) writer.writeFrame(first + f, frame(f))
  return path
}

async function plot(path: string, ...args: string[]) {
  const picture = scratch('out.svg')
  const { code, stdout, stderr } = await h5tracks(['plot', path, picture, ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const svg = readFileSync(picture, 'utf8')
  const first = firstView(svg)
  return { svg, stdout, lines: linesIn(first), domain: domainOf(first) }
}

const firstView = (svg: string) => svg.split(/<g transform="translate\(0,\d+\)"><svg/)[1] as string

/** The first line of each colour in the first view. */
const linesIn = (svg: string) =>
  [...svg.matchAll(/<path stroke="[^"]+" d="(M[^"]+L[^"]+)"/g)].map(([, data]) =>
    (data as string)
      .split(/[ML]/)
      .filter(Boolean)
      .map((point) => point.split(',').map(Number) as [number, number]),
  )

/** The numbers at the ticks of the x axis. */
const domainOf = (svg: string) => {
  const [, axis = ''] = /aria-label="x-axis tick label"[^>]*>(.*?)<\/g>/.exec(svg) ?? []
  return [...axis.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => Number(text!.replace('−', '-').replaceAll(',', '')))
}

const refused = async (path: string, ...args: string[]) => {
  const { code, stdout, stderr } = await h5tracks(['plot', path, scratch('out.svg'), ...args])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

describe('a long recording', () => {
  test('an animal that circles for 20 000 frames fills its ring and nothing of the disc, and one seen briefly is visible', async () => {
    // The angle between frames is nearly that of a star: every n-th frame joined by lines would fill the disc.
    const ring = (f: number): Place => [
      100 + 40 * Math.cos(f * 0.05 + 1e-3 * Math.sin(f)),
      50 + 40 * Math.sin(f * 0.05),
      30,
    ]
    const path = tracks(
      20_000,
      (f) => (f >= 10_000 && f < 10_003 ? [fish(1, ring(f)), fish(2, [100, 50, 30])] : [fish(1, ring(f))]),
      {
        tank_size: [200, 100, 60],
      },
    )
    const { svg } = await plot(path)
    const view = firstView(svg)
    const [cx, cy, scale] = [58 + (860 * 106) / 212, 26 + (430 * 53) / 106, 860 / 212]
    const fromRing = ([x, y]: readonly [number, number]) => Math.abs(Math.hypot(x - cx, y - cy) / scale - 40)
    let drawn = 0
    for (const line of linesIn(view)) {
      for (const [i, [x, y]] of line.entries()) {
        const [toX, toY] = line[i + 1] ?? [x, y]
        expect(fromRing([x, y])).toBeLessThan(0.3)
        expect(fromRing([(x + toX) / 2, (y + toY) / 2])).toBeLessThan(0.3)
        drawn += Math.hypot(toX - x, toY - y)
      }
    }
    // All of the 159 rounds.
    expect(drawn / scale).toBeGreaterThan(157 * 2 * Math.PI * 40)
    expect(svg).toContain('fish 2')
    expect(view.match(/aria-label="dots" [^>]*><path[^>]* d="M\d+[^"]*"/)).not.toBeNull()
  })
})

describe('the part that is drawn', () => {
  const path = tracks(
    100,
    (f) => [fish(1, [f, 0, 0]), fish(2, [f, 10, 0]), fish(7, [f, 20, 5])],
    { fps: 10, tank_size: [100, 20, 5] },
    1000,
  )

  test('--start and --stop are frame indices, and stop is not included', async () => {
    const { svg, lines } = await plot(path, '--start', '1010', '--stop', '1020', '--fish', '2')
    expect(svg).toContain('1 fish  ·  10 frames of the file  ·  2 cameras  ·  1.0 s')
    const [line] = lines
    // 106 mm are 860 pixels.
    expect(line![0]![0]).toBeCloseTo(58 + (860 * 13) / 106, 0)
    expect(line!.at(-1)![0]).toBeCloseTo(58 + (860 * 22) / 106, 0)
  })

  test('--fish and --animals choose animals by ids and ranges of ids', async () => {
    const legend = async (...args: string[]) => (await plot(path, ...args)).svg.match(/fish \d+(?=<)/g)
    expect(await legend()).toEqual(['fish 1', 'fish 2', 'fish 7'])
    expect(await legend('--fish', '2-7')).toEqual(['fish 2', 'fish 7'])
    expect(await legend('--animals', '1, 7')).toEqual(['fish 1', 'fish 7'])
  })

  test.each([
    ['--start', 'x'],
    ['--fish', '3-1'],
    ['--fish', '1,,2'],
    ['--animals', '0-9999999999'],
    ['--axes', 'log'],
  ])('plot refuses %s %s', async (option, value) => {
    expect(await h5tracks(['plot', path, scratch('out.svg'), option, value])).toMatchObject({ code: 2, stdout: '' })
  })

  test('plot says that a part holds no positions, and which cameras there are', async () => {
    expect(await refused(path, '--start', '5000')).toContain('holds no positions to draw in these frames')
    expect(await refused(path, '--camera', 'left')).toContain('has no camera left; it has top, front\n')
    expect(await refused(path, '--start', '9', '--stop', '3')).toContain('stop')
  })

  test('--camera draws the middles of the boxes in the image of each camera, with y down', async () => {
    const boxes = tracks(30, (f) => [fish(3, [1, 2, 3], { top: [10 * f, 5 * f, 20, 40] })])
    const { svg, lines, stdout } = await plot(boxes, '--camera', 'top')
    expect(stdout).toBe('Drawn: bboxes of tracking in camera top, the middle of each box.\n')
    expect(svg).toMatch(/>Camera top<.*/)
    const [[x0, y0], [x1, y1]] = [lines[0]![0]!, lines[0]!.at(-1)!]
    expect((y1 - y0) / (x1 - x0)).toBeCloseTo(0.5, 2)
    expect(await refused(boxes, '--camera', 'front')).toContain('in the image of camera front')
  })
})

describe('axes', () => {
  const jumping = (far: number) => tracks(400, (f) => [fish(1, f === 200 ? [far, 5, 1] : [f / 10, 5 + Math.sin(f), 1])])

  test('one position far away does not crush the picture, and plot says that it lies outside', async () => {
    const { stdout, domain, svg } = await plot(jumping(1e6))
    expect(stdout).toBe('Outside the picture: 1 position of 1 fish, at x 1000000, y 5, z 1; --axes all shows them.\n')
    expect(svg).toContain(stdout.trim())
    expect(Math.max(...domain)).toBeLessThan(60)
  })

  test('--axes all shows the position far away', async () => {
    const { stdout, domain } = await plot(jumping(1e6), '--axes', 'all')
    expect(stdout).toBe('')
    expect(Math.max(...domain)).toBe(1e6)
  })

  test.each([
    ['an excursion', (f: number): Place => [f < 380 ? Math.sin(f) : 8 * (f - 380), 5, 1]],
    ['a jump of a few times the width of the others', (f: number): Place => [f === 200 ? 7 : Math.sin(f), 5, 1]],
    ['a second place', (f: number): Place => [f < 300 ? Math.sin(f) : 500 + Math.sin(f), 5, 1]],
  ])('axes show %s of an animal', async (_what, place) => {
    const { stdout } = await plot(tracks(400, (f) => [fish(1, place(f))]))
    expect(stdout).toBe('')
  })

  test('axes show an animal that is seen in few frames, away from the others', async () => {
    const path = tracks(2000, (f) => [
      fish(1, [Math.sin(f), Math.cos(f), 1]),
      ...(f === 900 ? [fish(2, [15, 3, 1])] : []),
    ])
    expect((await plot(path)).stdout).toBe('')
  })
})

describe('names and colours', () => {
  test('sixty fish have sixty entries in the legend, and neighbours differ in colour', async () => {
    const { svg } = await plot(tracks(20, (f) => Array.from({ length: 60 }, (_, id) => fish(id, [id, f, 0]))))
    expect(svg.match(/>fish \d+</g)).toHaveLength(60)
    const colours = [...svg.matchAll(/<path d="M0,0h20" stroke="(hsl[^"]+)"/g)].map(([, colour]) => colour)
    expect(new Set(colours).size).toBe(60)
  })

  test('plot says animals when the metadata name a species, and shows the names of animals', async () => {
    const mice = tracks(9, (f) => [fish(0, [f, 0, 0]), fish(1, [f, 1, 0])], {
      species: 'Mus musculus',
      names: ['Ada', 'Bob'],
    })
    const { svg } = await plot(mice)
    expect(svg).toContain('2 animals')
    expect(svg).toContain('>Bob<')
    expect(svg).not.toContain('fish')
  })
})

describe('layouts', () => {
  test('--node draws one keypoint instead of the mean, with y down in pixels', async () => {
    const path = scratch()
    const writer = new FrameWriter(path, poseLayout({ nodes: ['nose', 'tail'], dimensions: 2 }))
    for (let f = 0; f < 50; f++)
      writer.writeFrame(f, [
        {
          individual: 0,
          keypoints: [
            [2 * f, f],
            [0, 0],
          ],
        },
      ])
    writer.closeSync()
    const { lines, stdout } = await plot(path, '--node', 'nose')
    expect(stdout).toBe('Drawn: keypoints of poses, the node nose.\n')
    const [[x0, y0], [x1, y1]] = [lines[0]![0]!, lines[0]!.at(-1)!]
    expect((y1 - y0) / (x1 - x0)).toBeCloseTo(0.5, 2)
    expect((await plot(path, '--node', '1')).stdout).toContain('the node tail')
    expect(await refused(path, '--node', 'ear')).toContain('has no node ear in the field keypoints; it has nose, tail')
  })

  test('plot draws fields x and y rather than boxes, and boxes if nothing else holds positions', async () => {
    const file = (fields: object, values: (f: number) => object) => {
      const path = scratch()
      const layout = defineLayout({
        group: 'tracks',
        slots: { name: 'id', max: 1 },
        fields: fields as { weight: 'float32' },
      })
      const writer = new FrameWriter(path, layout)
      for (let f = 0; f < 20; f++) writer.writeFrame(f, [{ id: 4, ...(values(f) as { weight: number }) }])
      writer.closeSync()
      return path
    }
    const box = { type: 'float32', shape: [4], unit: 'px' }
    const scalar = { type: 'float32', unit: 'px' }
    const both = file({ x: scalar, y: scalar, box }, (f) => ({ x: f, y: 2 * f, box: [0, 0, f, f] }))
    expect((await plot(both)).stdout).toBe('Drawn: x, y of tracks.\n')
    const { stdout, lines } = await plot(file({ box }, (f) => ({ box: [f, 0, 4, 2 * f] })))
    expect(stdout).toBe('Drawn: box of tracks, the middle of each box.\n')
    const [[x0, y0], [x1, y1]] = [lines[0]![0]!, lines[0]!.at(-1)!]
    expect((y1 - y0) / (x1 - x0)).toBeCloseTo(1, 1)
  })
})

describe('PNG', () => {
  const path = tracks(50, (f) => [fish(1, [f, 20 * Math.sin(f / 9), 3])])

  /** Size and number of colours of a PNG. */
  function look(png: Buffer) {
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
    const data: Buffer[] = []
    for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
      if (png.subarray(at + 4, at + 8).toString() === 'IDAT')
        data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
    }
    const bytes = inflateSync(Buffer.concat(data))
    expect(bytes.length).toBe(height * (1 + 4 * width))
    return { width, height }
  }

  test('plot writes PNG in twice the size of the SVG, to a file and to standard output', async () => {
    const picture = scratch('out.png')
    expect(await h5tracks(['plot', path, picture])).toMatchObject({ code: 0, stderr: '' })
    const { svg } = await plot(path)
    const [, width, height] = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number)
    expect(look(readFileSync(picture))).toEqual({ width: 2 * width!, height: 2 * height! })
    const standard = await h5tracks(['plot', path, '-', '--format', 'png'], { encoding: 'latin1' } as object)
    expect(standard.stdout.slice(1, 4)).toBe('PNG')
  })

  test('a format that does not go with the extension is a usage error', async () => {
    const { code, stderr } = await h5tracks(['plot', path, scratch('out.png'), '--format', 'svg'])
    expect(code).toBe(2)
    expect(stderr).toContain('--format svg does not go with its extension. Pass')
  })
})
