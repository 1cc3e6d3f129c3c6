import { existsSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scratch } from '../support/scratch.js'
import { fish, h5tracks, lines } from './served.js'

// Import truncates fractional boxes as AquaPose does and reports how many; info reports the number later; an option refuses
// them.

const csv = [
  'frame,id,x,y,z,top_left,top_top,top_width,top_height',
  '0,1,1,2,3,10.5,20,30,40',
  '0,2,1,2,3,10,20,30,40',
  '1,1,1,2,3,10,20.25,30.75,40',
  '2,1,1,2,3,,,,',
  '',
].join('\n')
const jsonl = lines(
  { frame: 0, tracks: [fish(1, { bboxes: { top: [1.5, 2, 3, 4], front: [1, 2, 3, 4.5] } }), fish(2)] },
  { frame: 1, tracks: [] },
)
const whole = lines({ frame: 0, tracks: [fish(1)] })

test.each([
  { what: 'CSV', input: csv, options: [], says: '2 boxes had fractions, which were truncated' },
  {
    what: 'JSON lines',
    input: jsonl,
    options: ['--cameras', 'top,front'],
    says: '2 boxes had fractions, which were truncated',
  },
])('import of $what reports how many boxes were truncated, and info repeats it', async ({ input, options, says }) => {
  const out = scratch()
  const { code, stdout } = await h5tracks(['import', '-', out, ...options], { input })
  expect(code).toBe(0)
  expect(stdout).toContain(`${says} (--refuse-fractional-boxes refuses them)\n`)
  expect((await h5tracks(['info', out])).stdout).toContain('Boxes       2 had fractions, which were truncated\n')
  for (const how of [[], ['--untrusted']]) {
    const json = JSON.parse((await h5tracks(['info', out, '--json', ...how])).stdout)
    expect(json).toMatchObject({ boxesTruncated: 2 })
    expect(json.metadata).not.toHaveProperty('boxes_truncated')
  }
})

test('import and info report no truncated boxes when all box numbers are integers', async () => {
  const out = scratch()
  const { stdout } = await h5tracks(['import', '-', out, '--cameras', 'top,front'], { input: whole })
  expect(stdout).not.toContain('fractions')
  expect((await h5tracks(['info', out])).stdout).not.toContain('fractions')
  expect(JSON.parse((await h5tracks(['info', out, '--json'])).stdout)).toMatchObject({ boxesTruncated: null })
})

test('import --refuse-fractional-boxes stops at the first fraction, names line and column, and takes integers', async () => {
  const [source, out] = [scratch('boxes.csv'), scratch()]
  writeFileSync(source, csv)
  const refused = await h5tracks(['import', source, out, '--refuse-fractional-boxes'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain(`${source}:2: column 6 (top_left): frame 0, fish 1, camera 'top': bboxes[0]`)
  expect(refused.stderr).toContain('10.5')
  expect(existsSync(out)).toBe(false)
  const options = ['--cameras', 'top,front', '--refuse-fractional-boxes']
  expect(await h5tracks(['import', '-', out, ...options], { input: whole })).toMatchObject({ code: 0 })
})
