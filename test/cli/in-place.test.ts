import { appendFileSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { check, readTrackingResults } from 'h5tracks'
import { openRun } from 'h5tracks/batch'
import { describe, expect, test } from 'vitest'
import { options as runOptions, tracks } from '../batch/shards.js'
import { failure } from '../support/errors.js'
import { scratch } from '../support/scratch.js'
import { CAMERAS, school } from '../support/tracking/frames.js'
import { columnsOf, columnsRead } from '../support/tracking/model.js'
import { written } from '../support/tracking/writing.js'
import { h5tracks } from './command.js'

// `h5tracks references` and `h5tracks virtual` show several files as one dataset, in place; info and check read that with --external.

const frames = school(40)
const parts = async () => [
  await written(frames.slice(0, 20), CAMERAS, { chunkFrames: 20 }),
  await written(frames.slice(20), CAMERAS, { chunkFrames: 20 }),
]

describe('h5tracks virtual', () => {
  test('writes a file that info and check read with --external, and refuse without', async () => {
    const [out, files] = [scratch('whole.h5'), await parts()]
    const made = await h5tracks(['virtual', out, ...files])
    expect(made).toMatchObject({ code: 0, stderr: '', stdout: `${out}: 2 files shown: 40 frames\n` })
    expect(columnsRead(await readTrackingResults(out, { external: true }))).toEqual(columnsOf(frames, CAMERAS, 9))

    const info = await h5tracks(['info', '--json', '--external', out])
    expect(JSON.parse(info.stdout)).toMatchObject({ frames: 40, fish: { slots: 9 } })
    expect(await h5tracks(['check', '--external', out])).toMatchObject({ code: 0 })
    for (const command of ['info', 'check']) {
      const { code, stderr, stdout } = await h5tracks([command, out])
      expect(code).toBe(1)
      expect(stderr + stdout).toContain('external')
    }
    expect((await check(out, { external: true })).findings).toEqual([])
    expect(await failure(() => check(out, { external: 1 as never }))).toMatchObject({ field: 'external' })
  })

  test('finds sources that are missing; so do info and check', async () => {
    const [out, files] = [scratch('whole.h5'), await parts()]
    await h5tracks(['virtual', out, ...files])
    expect(await h5tracks(['virtual', '--check', out])).toMatchObject({
      code: 0,
      stdout: `${out}: nothing wrong in 2 sources\n`,
    })
    rmSync(files[1]!)
    const found = await h5tracks(['virtual', '--check', '--json', out])
    expect(found.code).toBe(1)
    expect(JSON.parse(found.stdout)).toMatchObject({ sources: 2, problems: [{ path: files[1], code: 'ENOENT' }] })
    for (const command of ['info', 'check']) {
      expect(await h5tracks([command, '--external', out])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(files[1]!),
      })
    }
  })
})

describe('h5tracks references', () => {
  test('writes the references of a run and finds files that changed', async () => {
    const run = scratch('run')
    await using writer = await openRun(run, runOptions)
    for (let frame = 0; frame < 45; frame++) if (!writer.writeFrame(frame, tracks(frame))) await writer.drain()
    const { shards } = await writer.seal()
    const out = scratch('whole.json')
    const made = await h5tracks(['references', out, run, '--base', 's3://lab/shards', '--json'])
    expect(made).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(made.stdout)).toMatchObject({ files: 3, layouts: [{ frames: 45 }] })
    const { refs } = JSON.parse(readFileSync(out, 'utf8'))
    expect(refs['tracking/frame_index/0'][0]).toBe(`s3://lab/shards/${shards[0]!.name}`)
    expect(await h5tracks(['references', '--check', out])).toMatchObject({
      code: 0,
      stdout: `${out}: nothing wrong in 3 files; 3 of them cannot be checked from here\n`,
    })
    expect(await h5tracks(['references', out, run, '--overwrite'])).toMatchObject({ code: 0 })
    const [, second] = shards
    appendFileSync((second as { path: string }).path, 'x')
    const found = await h5tracks(['references', '--check', out])
    expect(found.code).toBe(1)
    expect(found.stdout).toMatch(/1 problem in 3 files\n/)
    expect(found.stdout).toContain(basename((second as { path: string }).path))
  })

  test.each([
    [['references', 'whole.json'], /name the files/],
    [['virtual', 'whole.h5'], /name the files/],
    [['references', '--check', 'whole.json', 'a.h5'], /takes the references and no files/],
    [['virtual', '--check', 'whole.h5', 'a.h5'], /takes the file and no sources/],
    [['info', '--external', '--untrusted', 'a.h5'], /--external is for files that are not --untrusted/],
  ])('%j is a usage error', async (args, says) => {
    const { code, stderr } = await h5tracks(args, { cwd: dirname(scratch()) })
    expect(code).toBe(2)
    expect(stderr).toMatch(says)
  })
})
