import { rmSync } from 'node:fs'
import { check, FrameFileWriter, FrameReader, recover, recoverSync } from 'h5tracks'
import { expect, test } from 'vitest'
import { h5tracks } from '../../cli/command.js'
import { columnsByH5py } from '../../support/frames/columns.js'
import { runNode } from '../../support/process.js'
import { scratch } from '../../support/scratch.js'
import { journalOf, mustBeKilled } from '../../support/tracking/journal.js'
import { animals, sensor, write } from './writer.js'

// Layouts that are written at their own pace: recover, salvage, check and the commands treat each with its own frames.

const layouts = { animals, sensor }
const options = { cameras: ['top', 'side'], chunkFrames: { animals: 10, sensor: 40 } }

/** 23 frames of animals and 205 of the sensor; then `then`, and a kill. */
async function killed(then = ''): Promise<string> {
  const path = scratch()
  const source = `
    import { FrameFileWriter } from 'h5tracks'
    import { animals, sensor, write } from ${JSON.stringify(new URL('writer.js', import.meta.url).href)}
    const file = new FrameFileWriter(process.argv[2], { animals, sensor }, ${JSON.stringify(options)})
    await write(file.writers.animals, 'animals', 0, 23)
    await write(file.writers.sensor, 'sensor', 0, 205)
    ${then}
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})`
  mustBeKilled(await runNode(source, [path]))
  return path
}

async function closed(): Promise<string> {
  const path = scratch()
  await using file = new FrameFileWriter(path, layouts, options)
  await write(file.writers.animals, 'animals', 0, 23)
  await write(file.writers.sensor, 'sensor', 0, 205)
  return path
}

const counted = [
  { name: 'animals', frames: 23, lastFrameIndex: 44 },
  { name: 'rig/sensor', frames: 205, lastFrameIndex: 408 },
]

async function expectFrames(path: string) {
  const whole = await closed()
  for (const group of ['animals', 'rig/sensor']) {
    expect(await columnsByH5py(path, group)).toEqual(await columnsByH5py(whole, group))
  }
}

test('recover restores the frames of each layout', async () => {
  const path = await killed()
  expect((await check(path).catch((error) => error)).findings).toMatchObject([
    { code: 'journal-left' },
    { code: 'unclean-shutdown' },
  ])
  expect(await recover(path)).toEqual({
    path,
    action: 'rebuilt',
    frames: 23,
    lastFrameIndex: 44,
    layouts: counted,
    lost: [],
  })
  await expectFrames(path)
  const { layouts, findings, information } = await check(path)
  expect(layouts).toEqual(counted.map(({ name, frames }) => ({ name, frames })))
  expect(findings).toEqual([])
  expect(information).toMatchObject([
    { code: 'missing-frames', layout: 'animals', count: 22 },
    { code: 'missing-frames', layout: 'rig/sensor', count: 204 },
  ])
})

test('without the journal, acceptLoss keeps what the file holds of each layout', async () => {
  const path = await killed('await file.writers.animals.flush()')
  rmSync(journalOf(path))
  const report = recoverSync(path, { acceptLoss: true })
  expect(report).toMatchObject({ action: 'salvaged', layouts: counted })
  expect(report.lost).toEqual([
    expect.stringMatching(/an unknown number of frames after the first 23 of animals and 205 of rig\/sensor$/),
  ])
  await expectFrames(path)
  using reader = new FrameReader(path, 'rig/sensor')
  expect(reader.length).toBe(205)
})

test('the commands show each layout with its own frames', async () => {
  const path = await closed()
  const [info, checked, tail] = await Promise.all([
    h5tracks(['info', path]),
    h5tracks(['check', path]),
    h5tracks(['tail', path, '--layout', 'rig/sensor', '-n', '1']),
  ])
  expect(info.stdout.match(/^Frames .*/gm)).toEqual([
    'Frames      23 (0 to 44), 22 missing between them, in 22 gaps',
    'Frames      205 (0 to 408), 204 missing between them, in 204 gaps',
  ])
  expect(checked).toMatchObject({ code: 0 })
  expect(checked.stdout).toContain('nothing wrong in 23 frames of animals and 205 frames of rig/sensor\n')
  expect(tail.stdout).toMatch(/^ {5}408 {2}volts \(204\.000, -204\.000, NaN\) tag t204\n$/)
})

test('tail prints the frames of one layout while both are written', async () => {
  const path = scratch()
  await using file = new FrameFileWriter(path, layouts, options)
  await write(file.writers.animals, 'animals', 0, 23)
  await write(file.writers.sensor, 'sensor', 0, 205)
  const { stdout, code } = await h5tracks(['tail', path, '--layout', 'animals', '-n', '2'])
  expect(code).toBe(0)
  expect(stdout.split('\n').map((line) => Number.parseInt(line, 10))).toEqual([42, 44, Number.NaN])
})
