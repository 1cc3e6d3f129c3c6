import { FrameWriter, midlineLayout } from 'h5tracks'
import { expect, test } from 'vitest'
import { askH5py, h5py } from '../support/python.js'
import { scratch } from '../support/scratch.js'
import { bothFile, posesFile, sensorFile } from './layouts.js'
import { h5tracks } from './served.js'

// `h5tracks info` summarizes files of any layout.

const json = async (...args: string[]) => JSON.parse((await h5tracks(['info', '--json', ...args])).stdout)

test('info shows fields, records, cameras and storage of a layout', async () => {
  const path = posesFile()
  const { code, stdout, stderr } = await h5tracks(['info', path])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout.replaceAll(/ +/g, ' ').split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'Layout poses',
      'Frames 40 (0 to 44), 5 missing between them, in 1 gap',
      'Records 60 of 3 different animalId (0, 1, 2), at most 3 in a frame, room for 3 in a frame, 10 frames without',
      ' type shape per unit fill range not fill stored compression',
      expect.stringMatching(/^ time float64 - frame s NaN - 100.0 % \d+ B of 320 B shuffle, deflate 1$/),
      expect.stringMatching(/^ animalId int32, key - record - -1 - 100.0 %/),
      expect.stringMatching(/^ keypoints float32 5 x 2 record px NaN - 100.0 %/),
      expect.stringMatching(/^ score float32 5 record - -1 -1 to 1 100.0 %/),
      expect.stringMatching(/^ label enum over int8 - record - idle - /),
      expect.stringMatching(/^ bbox int32 4 camera - -1 - 25.0 %/),
      ' label: idle = 0, feeding = 1',
      ' top 30 50.0 % 0',
      ' side 0 0.0 % 4',
      'Metadata fps = 30',
    ]),
  )
  expect(stdout).toMatch(/^Storage +shuffle, deflate 1 \(9 datasets\); deflate 1 \(1 dataset\); chunks of 10 frames$/m)
})

test('info --json has the same numbers as h5py, also with --untrusted', async () => {
  const path = posesFile()
  const summary = await json(path)
  expect(await json(path, '--untrusted')).toEqual(summary)
  const [layout] = summary.layouts
  expect(summary).toMatchObject({ path, closedCleanly: true, losses: [], layouts: [{ name: 'poses', frames: 40 }] })
  const facts = await askH5py<number[]>(
    path,
    '[int((f["poses/animal_id"][:] >= 0).sum()), int((f["poses/label"][:] == 1).sum()), int((f["poses/camera_dropped/side"][:]).sum()), int(f["poses/keypoints"].id.get_storage_size()), int(f["poses/keypoints"].size) * 4]',
  )
  const field = (name: string) => layout.fields.find((one: { name: string }) => one.name === name)
  expect([
    layout.records.count,
    field('label').values,
    layout.cameras[1].dropped,
    field('keypoints').storage.storedBytes,
    field('keypoints').storage.rawBytes,
  ]).toEqual(facts)
  expect(field('label')).toMatchObject({
    type: 'enum over int8',
    members: { idle: 0, feeding: 1 },
    fill: 'idle',
    per: 'record',
  })
  expect(layout).toMatchObject({ firstFrame: 0, lastFrame: 44, missingFrames: 5, gaps: 1, chunkFrames: 10 })
})

test('info shows all layouts of a file, or the one that --layout names', async () => {
  const path = bothFile()
  const { stdout } = await h5tracks(['info', path])
  expect(stdout.match(/^Layout .*/gm)).toEqual(['Layout      poses', 'Layout      rig/sensor'])
  expect((await json(path)).layouts.map(({ name }: { name: string }) => name)).toEqual(['poses', 'rig/sensor'])
  const one = await h5tracks(['info', path, '--layout', 'rig/sensor'])
  expect(one.stdout).toContain('Records     one in each frame\n')
  expect(one.stdout).not.toContain('poses')
  expect(await h5tracks(['info', path, '--layout', 'tracks'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `h5tracks: ${path} has no layout tracks; it has poses, rig/sensor\n`,
  })
})

test('info shows records of one per frame, and fields of every type', async () => {
  const [layout] = (await json(sensorFile())).layouts
  expect(layout).toMatchObject({ name: 'rig/sensor', records: null, cameras: [] })
  const values = Object.fromEntries(
    layout.fields.map(({ name, values }: { name: string; values: number }) => [name, values]),
  )
  expect(values).toEqual({ frameIndex: 40, volts: 40, on: 20, name: 40, count: 40 })
})

test('info escapes control characters of a layout and does not end with an error for frames out of order', async () => {
  const path = posesFile()
  await h5py(path, 'r+', 'f["poses/frame_index"][3] = 0\nf["poses"].attrs["note"] = "a\\x1b[31mb"')
  const { code, stdout } = await h5tracks(['info', path])
  expect(code).toBe(0)
  expect(stdout).toContain('Frames      40 (0 to 44), not in increasing order\n')
  expect(stdout).toContain('note = a\\u001b[31mb\n')
})

test('info shows AquaPose’s midline files', async () => {
  const path = scratch()
  const writer = new FrameWriter(path, midlineLayout)
  writer.closeSync()
  expect((await h5tracks(['info', path])).stdout).toMatch(
    /^Layout +midlines\nFrames +none\nRecords +none, room for 9 in a frame$/m,
  )
})

test('info --layout gives the error of a file that cannot be opened, and of a file without layouts', async () => {
  const missing = scratch()
  expect(await h5tracks(['info', missing, '--layout', 'poses'])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('ENOENT'),
  })
  await h5py(missing, 'w', 'f["a"] = 1')
  const { stderr } = await h5tracks(['info', missing, '--layout', 'poses'])
  expect(stderr).toContain("has no layout 'poses'; it has none [ERR_FORMAT]\n")
})
