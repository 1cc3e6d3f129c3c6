import { defineLayout, FrameFileWriter } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { school } from '../support/tracking/frames.js'
import { killed } from '../support/tracking/journal.js'
import { written } from '../support/tracking/writing.js'
import { h5tracks } from './served.js'

const pose = defineLayout({ group: 'pose', slots: { name: 'animalId', max: 3 }, fields: { x: 'float32' } })
const gauge = defineLayout({ group: 'gauge', fields: { volts: 'float32' } })

async function withTwoLayouts(): Promise<string> {
  const path = scratch()
  await using file = new FrameFileWriter(path, { pose, gauge })
  file.writers.pose.writeFrame(5, [{ animalId: 1, x: 2 }])
  for (let i = 0; i < 4; i++) file.writers.gauge.writeFrame(i, { volts: i })
  return path
}

describe('h5tracks info of several files', () => {
  test('prints a line for each file and layout, with the last frame, in the order of the arguments', async () => {
    const [first, both] = [await written(school(12)), await withTwoLayouts()]
    const { code, stdout, stderr } = await h5tracks(['info', first, both])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [heading, ...rows] = stdout.trimEnd().split('\n')
    expect(heading?.split(/ {2,}/)).toEqual(['file', 'size', 'layout', 'frames', 'last frame', 'cameras', 'slots'])
    const cells = rows.map((row) =>
      row
        .split(/ {2,}/)
        .slice(-5)
        .map((cell) => cell.trim()),
    )
    expect(cells).toEqual([
      ['tracking', '12', '11', '3', '9'],
      ['gauge', '4', '3', '0', '1'],
      ['pose', '1', '5', '0', '3'],
    ])
    expect(rows[0]).toContain(first)
    expect(rows[1]).toContain(both)
  })

  test('lists the others when some cannot be read, names these on standard error, and ends with 1', async () => {
    const [good, dead] = [await written(school(3)), await killed(5)]
    const { code, stdout, stderr } = await h5tracks(['info', good, '/none/such.h5', dead, '--json'])
    expect(code).toBe(1)
    const [one, missing, left] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(one).toMatchObject({
      path: good,
      closedCleanly: true,
      layouts: [{ layout: 'tracking', frames: 3, lastFrame: 2 }],
    })
    expect(missing).toEqual({ path: '/none/such.h5', error: expect.stringContaining('ENOENT') })
    expect(left).toEqual({ path: dead, error: expect.stringContaining('ERR_NEEDS_RECOVERY') })
    expect(stderr.split('\n').filter(Boolean)).toHaveLength(2)
  })

  test.each([
    ['--untrusted', ['--untrusted']],
    ['--layout', ['--layout', 'tracking']],
  ])('refuses %s, which takes one file', async (option, args) => {
    const path = await written(school(3))
    const { code, stderr } = await h5tracks(['info', path, path, ...args])
    expect(code).toBe(2)
    expect(stderr).toContain(`${option} takes one file`)
  })
})
