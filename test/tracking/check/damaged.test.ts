import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { check, readTrackingResults } from 'h5tracks'
import { expect, test } from 'vitest'
import { h5tracks } from '../../cli/command.js'
import { failure } from '../../support/errors.js'
import { askH5py, h5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'
import { school } from '../../support/tracking/frames.js'
import { written } from '../../support/tracking/writing.js'

// A tracking file with objects that HDF5 cannot open: check lists each of them.

async function damage(path: string, ...names: string[]): Promise<string> {
  const bytes = readFileSync(path)
  for (const name of names) bytes[await askH5py<number>(path, `int(h5py.h5o.get_info(f["${name}"].id).addr)`)] = 9
  const damaged = scratch()
  writeFileSync(damaged, bytes)
  return damaged
}

test('check lists every tracking dataset that HDF5 cannot open', async () => {
  const path = await damage(await written(school(20)), 'tracking/fish_id', 'tracking/bboxes/east')
  expect(await failure(() => readTrackingResults(path))).toMatchObject({
    code: 'ERR_DAMAGED',
    path,
    message: expect.stringContaining('/tracking/fish_id'),
  })
  const { frames, findings } = await check(path)
  expect(frames).toBe(0)
  expect(findings).toMatchObject(
    ['bboxes/east', 'fish_id'].map((name) => ({
      code: 'unreadable',
      severity: 'error',
      dataset: `/tracking/${name}`,
      text: expect.stringContaining(`'${basename(name)}' in '${dirname(`/tracking/${name}`)}'`),
    })),
  )
  const { code, stdout } = await h5tracks(['check', path])
  expect(code).toBe(1)
  for (const name of ['bboxes/east', 'fish_id']) expect(stdout).toContain(`error: unreadable in ${name}\n`)
})

test('check reports a damaged foreign object and still checks the frames', async () => {
  const whole = await written(school(20))
  await h5py(whole, 'r+', 'f["notes/a"] = 1\nf["notes/b"] = 2')
  const { frames, findings } = await check(await damage(whole, 'notes/b'))
  expect(frames).toBe(20)
  expect(findings).toMatchObject([{ code: 'unreadable', dataset: '/notes/b' }])
  expect((await check(whole)).findings).toEqual([])
})
