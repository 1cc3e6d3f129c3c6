import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { readTrackingResultsSync, TrackingWriter } from 'h5tracks'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { fish, h5tracks } from './command.js'

// `h5tracks demo` writes a simulated school, reads it back, checks, summarises and draws it.

const { difference } = await import(join(ROOT, 'dist/cli/demo/compare.js'))

const svg = (path: string) => parseHTML(readFileSync(path, 'utf8').replace(/^<\?xml.*\n/, '')).document

test('demo writes a file and a picture, and reports what it did', async () => {
  const out = scratch('school.h5')
  const { code, stdout, stderr } = await h5tracks([
    'demo',
    out,
    '--frames',
    '250',
    '--fish',
    '3',
    '--cameras',
    '4',
    '--seed',
    '5',
  ])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^Simulating 3 fish and 4 cameras for 250 frames \.\.\.\n/)
  expect(stdout).toContain('Frames      250 (0 to 249)\n')
  expect(stdout).toMatch(/raw, .* stored: \d+\.\d to 1/)
  expect(stdout).toMatch(/^Writing +\d.*, [\d,]+ frames\/s$/m)
  expect(stdout).toMatch(/^Reading +\d.*; every frame is what was written$/m)
  const picture = join(dirname(out), 'school.svg')
  expect(stdout).toContain(`Picture     ${picture}\n`)

  const { cameraNames, fishId, metadata } = readTrackingResultsSync(out)
  expect(cameraNames).toEqual(['cam01', 'cam02', 'cam03', 'cam04'])
  expect(fishId.shape).toEqual([250, 3])
  expect(metadata).toMatchObject({ fps: 30, position_units: 'cm', simulation_seed: 5, tank_size: [200, 100, 60] })
  expect(svg(picture).querySelector('title')?.textContent).toBe('A simulated school (seed 5)')
})

test('demo without a path uses a default name and replaces nothing without --overwrite', async () => {
  const cwd = dirname(scratch())
  expect(await h5tracks(['demo', '--frames', '5'], { cwd })).toMatchObject({ code: 0 })
  expect(existsSync(join(cwd, 'h5tracks-demo.h5')) && existsSync(join(cwd, 'h5tracks-demo.svg'))).toBe(true)
  expect(await h5tracks(['demo', '--frames', '5'], { cwd })).toMatchObject({
    code: 1,
    stderr: 'h5tracks: h5tracks-demo.h5 exists already; --overwrite replaces it\n',
  })
  expect(await h5tracks(['demo', '--frames', '6', '--overwrite'], { cwd })).toMatchObject({ code: 0 })
  expect(readTrackingResultsSync(join(cwd, 'h5tracks-demo.h5')).frameIndex.shape).toEqual([6])
})

test('demo with the same seed writes the same positions, and with another seed others', async () => {
  const [first, again, other] = [scratch(), scratch(), scratch()]
  for (const [path, seed] of [
    [first, '1'],
    [again, '1'],
    [other, '2'],
  ] as const) {
    await h5tracks(['demo', path, '--frames', '40', '--seed', seed])
  }
  const positions = [first, again, other].map((path) => readTrackingResultsSync(path).centroid3d.data)
  expect(positions[1]).toEqual(positions[0])
  expect(positions[2]).not.toEqual(positions[0])
})

describe("demo's comparison of written and read frames", () => {
  const written = { frameIndex: 3, tracks: [fish(1), fish(2, { centroid3d: null })] }
  const changed = (field: string, value: unknown) => ({
    ...written,
    tracks: [{ ...fish(1), [field]: value }, written.tracks[1]],
  })

  test("demo's comparison finds no difference between equal frames", () => {
    expect(difference(written, structuredClone(written))).toBeNull()
  })

  test.each([
    { what: 'the frame number', read: { ...written, frameIndex: 4 }, says: 'frame 3 came back as 4' },
    { what: 'a missing fish', read: { ...written, tracks: [fish(1)] }, says: 'frame 3 has 1 fish, not 2' },
    { what: 'an id', read: changed('fishId', 9), says: 'fish 1: fishId is 9, not 1' },
    { what: 'a position', read: changed('centroid3d', [1.5, 2.5, 3.75]), says: 'centroid3d is [1.5,2.5,3.75], not' },
    { what: 'no position', read: changed('centroid3d', null), says: 'centroid3d is null, not' },
    { what: 'a confidence', read: changed('confidence', 0.5), says: 'confidence is 0.5, not 0.75' },
    { what: 'a residual', read: changed('reprojectionResidual', 0.5), says: 'reprojectionResidual is 0.5, not 0.25' },
    { what: 'a count', read: changed('nCameras', 1), says: 'nCameras is 1, not 2' },
    { what: 'a flag', read: changed('isConfirmed', false), says: 'isConfirmed is false, not true' },
    { what: 'a detection', read: changed('cameraDetections', { top: 0 }), says: 'detection of front is absent, not 3' },
    { what: 'a box', read: changed('bboxes', { top: [1, 2, 3, 5] }), says: 'box of top is [1,2,3,5], not [1,2,3,4]' },
  ])("demo's comparison reports a difference in $what", ({ read, says }) => {
    expect(difference(written, read)).toContain(says)
  })
})

describe('the picture', () => {
  test('the picture shows every fish from the top and the side at one scale, and has no external reference', async () => {
    const [tracks, picture] = [scratch('pool.h5'), scratch('pool.svg')]
    await h5tracks(['demo', tracks, '--frames', '60', '--fish', '12'])
    expect(await h5tracks(['plot', tracks, picture])).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    const document = svg(picture)
    const text = document.querySelector('svg')?.textContent ?? ''
    for (const part of [
      basename(tracks),
      '12 fish',
      '60 frames',
      '13 cameras',
      'Top view',
      'Side view',
      'x (cm)',
      'y (cm)',
      'z (cm)',
      'fish 0',
      'fish 11',
      'first seen',
      'last seen',
      'tank',
    ]) {
      expect(text).toContain(part)
    }
    // Two panels, each with a start and an end of 12 fish.
    const radius = (r: string) => document.querySelectorAll(`g[aria-label="dot"] circle[r="${r}"]`).length
    expect([radius('4.5'), radius('5')]).toEqual([24, 24])
    // The tank is 200 x 100 x 60 cm: from the top twice as long as wide, from the side ten by three.
    const tanks = [...document.querySelectorAll('g[aria-label="rect"] rect')].map((rect) =>
      ['width', 'height'].map((size) => Number(rect.getAttribute(size))),
    )
    expect(tanks).toHaveLength(2)
    expect(tanks[0]![0]! / tanks[0]![1]!).toBeCloseTo(2, 1)
    expect(tanks[1]![0]! / tanks[1]![1]!).toBeCloseTo(200 / 60, 1)
    expect(readFileSync(picture, 'utf8').replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:|<style|<image|url\(/,
    )
  })

  test('the picture interrupts the line of a fish where it was absent', async () => {
    const [tracks, picture] = [scratch(), scratch('gap.svg')]
    {
      using writer = new TrackingWriter(tracks, [])
      const at = (x: number) => fish(1, { centroid3d: [x, x, x], cameraDetections: {}, bboxes: {} })
      for (let frame = 0; frame < 40; frame++) writer.writeFrame(frame, frame < 10 || frame > 20 ? [at(frame)] : [])
    }
    await h5tracks(['plot', tracks, picture])
    const [path] = svg(picture).querySelectorAll('g[aria-label="line"] path')
    expect(path?.getAttribute('d')?.match(/M/g)).toHaveLength(2)
  })

  test('plot takes any title, replaces nothing without --overwrite, and refuses a file without positions', async () => {
    const [tracks, picture] = [scratch(), scratch('fish.svg')]
    await h5tracks(['demo', tracks, '--frames', '5', '--plot', picture])
    const { stderr } = await h5tracks(['plot', tracks, picture])
    expect(stderr).toBe(`h5tracks: ${picture} exists already; --overwrite replaces it\n`)
    const title = '<b>"Fish" & chips</b>'
    expect(await h5tracks(['plot', tracks, picture, '--overwrite', '--title', title])).toMatchObject({ code: 0 })
    expect(svg(picture).querySelector('title')?.textContent).toBe(title)

    const empty = scratch()
    new TrackingWriter(empty, []).closeSync()
    expect(await h5tracks(['plot', empty, scratch('none.svg')])).toMatchObject({
      code: 1,
      stderr: `h5tracks: ${empty} holds no positions to draw\n`,
    })
  })
})
