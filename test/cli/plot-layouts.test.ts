import { readFileSync } from 'node:fs'
import { defineLayout, FrameWriter, TrackingWriter } from 'h5tracks'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { bothFile, posesFile, sensorFile } from './layouts.js'
import { fish, h5tracks } from './served.js'

// `h5tracks plot` draws the positions of files of any layout.

async function plot(path: string, ...args: string[]) {
  const picture = scratch('out.svg')
  const { code, stdout, stderr } = await h5tracks(['plot', path, picture, ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return { svg: readFileSync(picture, 'utf8'), stdout }
}

/** The corners of the lines in a picture. */
const pointsIn = (svg: string) =>
  [...svg.matchAll(/<path stroke="[^"]+" d="(M[^"]+L[^"]+)"/g)].flatMap(([, data]) =>
    (data as string)
      .split(/[ML]/)
      .filter(Boolean)
      .map((point) => point.split(',').map(Number) as [number, number]),
  )

const refused = async (path: string, ...args: string[]) => {
  const { code, stdout, stderr } = await h5tracks(['plot', path, scratch('out.svg'), ...args])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

test('plot draws the mean of the keypoints in an image, says so, and names animals by their keys', async () => {
  const { svg, stdout } = await plot(posesFile())
  const drawn = 'Drawn: keypoints of poses, the mean of the 5 points of a record that are known.'
  expect(stdout).toBe(`${drawn}\n`)
  for (const text of [drawn, 'animalId 0', 'animalId 2', '3 animals', '40 frames', '>Image<', '>x (px)<', '>y (px)<']) {
    expect(svg).toContain(text)
  }
  expect(svg).not.toMatch(/fish|Side view/)
})

test('plot draws what is known of the keypoints, with y down in an image and up otherwise', async () => {
  const layout = (unit: string) =>
    defineLayout({
      group: 'g',
      slots: { name: 'mouse', max: 2 },
      fields: { points: { type: 'float32', shape: [2, 2], unit }, weight: { type: 'float64', optional: true } },
    })
  const picture = async (unit: string) => {
    const path = scratch()
    const writer = new FrameWriter(path, layout(unit))
    // The mean goes from (0, 0) to (100, 50); the second point is not always known.
    writer.writeFrame(0, [{ mouse: 4, points: [0, 0, Number.NaN, Number.NaN] }])
    writer.writeFrame(1, [{ mouse: 4, points: [90, 60, 110, 40] }])
    writer.closeSync()
    return pointsIn((await plot(path)).svg).slice(0, 2) as [[number, number], [number, number]]
  }
  const [[x0, y0], [x1, y1]] = await picture('px')
  const [[, up0], [, up1]] = await picture('mm')
  // All axes have the same scale.
  expect((y1 - y0) / (x1 - x0)).toBeCloseTo(0.5, 2)
  expect(up1 - up0).toBeCloseTo(y0 - y1, 0)
})

test('plot draws positions in space in two views, and one record a frame as one track', async () => {
  const path = scratch()
  const layout = defineLayout({
    group: 'drone',
    fields: { where: { type: 'float64', shape: [3], axes: ['space'], unit: 'm' }, speed: 'float32' },
    axes: { space: ['east', 'north', 'up'] },
  })
  const writer = new FrameWriter(path, layout)
  for (let n = 0; n < 20; n++) writer.writeFrame(n, { where: [n, 2 * n, 3 * n], speed: 1 })
  writer.closeSync()
  const { svg, stdout } = await plot(path)
  expect(stdout).toBe('Drawn: where of drone.\n')
  for (const text of ['east and north', 'east and up', '>north (m)<', '1 track']) expect(svg).toContain(text)
})

test('plot draws the field that --field names, and the layout that --layout names', async () => {
  const layout = defineLayout({
    group: 'two',
    slots: { name: 'id', max: 1 },
    fields: { nose: { type: 'int16', shape: [2], fill: -1 }, tail: { type: 'float16', shape: [2] } },
  })
  const path = scratch()
  const writer = new FrameWriter(path, layout)
  for (let n = 0; n < 9; n++) writer.writeFrame(n, [{ id: 0, nose: n === 4 ? [-1, -1] : [n, n], tail: [n, 0] }])
  writer.closeSync()
  expect(await refused(path)).toBe(
    `h5tracks: ${path}: the layout two has several fields that may hold positions: nose, tail; choose one with --field\n`,
  )
  const { svg, stdout } = await plot(path, '--field', 'nose')
  expect(stdout).toBe('Drawn: nose of two.\n')
  expect(svg).toContain('Lines are interrupted where an animal was not known: 1 time.')
  expect((await plot(path, '--field', 'tail')).stdout).toBe('Drawn: tail of two.\n')
  expect((await plot(bothFile(), '--layout', 'poses')).stdout).toContain('Drawn: keypoints of poses')
})

test('plot says what to do with a layout without positions, another field, and several layouts', async () => {
  const [path, poses, both] = [sensorFile(), posesFile(), bothFile()]
  expect(await refused(path)).toBe(
    `h5tracks: ${path}: the layout rig/sensor has no positions to draw: none of its fields of a record has 2 or 3 numbers ` +
      'along its last axis; h5tracks info shows the fields\n',
  )
  expect(await refused(poses, '--field', 'score')).toBe(
    `h5tracks: ${poses}: the layout poses has no positions in a field score; it has keypoints, bbox\n`,
  )
  expect(await refused(both)).toBe(
    `h5tracks: ${both} has several layouts: poses, rig/sensor; choose one with --layout\n`,
  )
  const track = scratch()
  const writer = new TrackingWriter(track, ['top', 'front'])
  writer.writeFrame(0, [fish(1)])
  writer.closeSync()
  expect(await refused(track, '--field', 'x')).toContain('it has centroid3d, bboxes\n')
})
