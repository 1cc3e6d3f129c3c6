/** Writes poses into a new NWB file: one PoseEstimation for each animal, with a series for each node. */
import { randomUUID } from 'node:crypto'
import type { Dataset } from '../../hdf5/objects/dataset.js'
import { File } from '../../hdf5/objects/file.js'
import type { Group } from '../../hdf5/objects/group.js'
import { arrayIn } from '../core/arrays.js'
import type { Recording, WriteOptions } from '../core/format.js'
import { Losses } from '../core/losses.js'
import { attributesOf, fieldOf, onlyRecording } from '../core/recordings.js'
import { survey } from '../dense/survey.js'
import { type PoseReader, posesFor } from '../poses/output.js'
import { carriedAttributes, writeCore } from './core.js'

const title = 'an NWB file'
const chunkFrames = 4096

/** The datasets of a node of an animal. */
interface Series {
  readonly data: Dataset
  readonly confidence: Dataset
}

export async function writeNwb(recordings: readonly Recording[], path: string, options: WriteOptions): Promise<void> {
  const recording = onlyRecording(recordings, title, options)
  const poses = posesFor(recording, title, options)
  const found = await survey(recording, poses.confidence, options)
  const file = new File(path, 'w')
  try {
    await writeCore(file, recording, options)
    const animals = await createAnimals(file, recording, poses, found)
    await fill(file, recording, poses, found, animals, options)
  } finally {
    await file.close()
  }
}

type Found = Awaited<ReturnType<typeof survey>>

const isDouble = (recording: Recording, name: string | undefined) => {
  const value = name === undefined ? undefined : fieldOf(recording, name)?.value
  return value?.kind === 'float' && value.type === 'float64'
}

async function typed(group: Group, type: string, namespace = 'ndx-pose'): Promise<Group> {
  await group.attributes.set('namespace', namespace)
  await group.attributes.set('neurodata_type', type)
  await group.attributes.set('object_id', randomUUID())
  return group
}

/** HDF5's paths end a name at a slash. */
const linkName = (name: string): string => name.replaceAll('/', '_').replaceAll('\0', '_') || '_'

async function createAnimals(file: File, recording: Recording, poses: PoseReader, found: Found): Promise<Series[][]> {
  const { nodes, edges, dimensions } = poses
  const attributes = attributesOf(recording)
  const module = await typed(await file.createGroup('processing/behavior'), 'ProcessingModule', 'core')
  await module.attributes.set('description', 'processed behavioral data')
  const skeletons = await typed(await module.createGroup('Skeletons'), 'Skeletons')
  const skeleton = await typed(await skeletons.createGroup('skeleton'), 'Skeleton')
  await (await skeleton.createDataset('nodes', { type: 'string', shape: [nodes.length] })).write([...nodes])
  const pairs = await skeleton.createDataset('edges', {
    type: nodes.length > 255 ? 'uint32' : 'uint8',
    shape: [edges.length, 2],
  })
  if (edges.length > 0) await pairs.write(Uint32Array.from(edges.flat()))
  const type = {
    data: isDouble(recording, poses.fields[0]) ? 'float64' : 'float32',
    confidence: isDouble(
      recording,
      poses.fields.find((name) => /onfidence/.test(name)),
    )
      ? 'float64'
      : 'float32',
  } as const
  const text = (name: string, other: string) =>
    typeof attributes[name] === 'string' ? (attributes[name] as string) : other
  const animals: Series[][] = []
  let times: string | undefined
  for (const name of found.names) {
    const container = await typed(await module.createGroup(linkName(name)), 'PoseEstimation')
    await describe(container, attributes, text)
    await container.createLink('skeleton', { path: '/processing/behavior/Skeletons/skeleton' })
    const series: Series[] = []
    for (const node of nodes) {
      const group = await typed(await container.createGroup(linkName(node)), 'PoseEstimationSeries')
      await group.attributes.set('description', `estimated position of ${node}`)
      await group.attributes.set('comments', 'no comments')
      const chunks = [Math.max(1, Math.min(chunkFrames, found.frames)), dimensions]
      const data = await group.createDataset('data', {
        ...{ type: type.data, shape: [found.frames, dimensions], fill: Number.NaN },
        ...(found.frames > 0 && { chunks, filters: ['shuffle', { deflate: 4 }] }),
      })
      await data.attributes.set('conversion', numberIn(attributes.position_conversion, 1), { type: 'float64' })
      await data.attributes.set('offset', numberIn(attributes.position_offset, 0), { type: 'float64' })
      await data.attributes.set('resolution', -1, { type: 'float64' })
      await data.attributes.set('unit', text('position_unit', 'pixels'))
      const confidence = await group.createDataset('confidence', {
        ...{ type: type.confidence, shape: [found.frames], fill: Number.NaN },
        ...(found.frames > 0 && { chunks: chunks.slice(0, 1), filters: ['shuffle', { deflate: 4 }] }),
      })
      await confidence.attributes.set(
        'definition',
        text('confidence_definition', 'confidence of the keypoint; NaN for none'),
      )
      await group
        .createDataset('reference_frame', { type: 'string' })
        .then((one) => one.write(text('reference_frame', '(0, 0) is the upper left corner of the image')))
      if (times === undefined) {
        const own = await group.createDataset('timestamps', { type: 'float64', shape: [found.frames] })
        await own.attributes.set('interval', 1, { type: 'int32' })
        await own.attributes.set('unit', 'seconds')
        times = own.path
      } else await group.createLink('timestamps', { path: times })
      series.push({ data, confidence })
    }
    animals.push(series)
  }
  return animals
}

const numberIn = (value: unknown, other: number): number => (typeof value === 'number' ? value : other)

async function describe(
  container: Group,
  attributes: ReturnType<typeof attributesOf>,
  text: (name: string, other: string) => string,
): Promise<void> {
  const one = async (name: string, value: string) => {
    const dataset = await container.createDataset(name, { type: 'string' })
    await dataset.write(value)
    return dataset
  }
  await one('description', text('description', 'estimated poses'))
  if (typeof attributes.scorer === 'string') await one('scorer', attributes.scorer)
  const software = await one('source_software', text('source_software', 'h5tracks'))
  if (typeof attributes.source_software_version === 'string')
    await software.attributes.set('version', attributes.source_software_version)
  for (const name of ['original_videos', 'labeled_videos']) {
    const videos =
      attributes[name] ?? (name === 'original_videos' ? (attributes.video_paths ?? attributes.video_path) : undefined)
    const list = typeof videos === 'string' ? [videos] : Array.isArray(videos) ? videos.map(String) : []
    if (list.length > 0)
      await (await container.createDataset(name, { type: 'string', shape: [list.length] })).write(list)
  }
}

async function fill(
  file: File,
  recording: Recording,
  poses: PoseReader,
  { keys, time, frames }: Found,
  animals: readonly (readonly Series[])[],
  { signal, report }: WriteOptions,
): Promise<void> {
  const { layout } = recording
  const { dimensions, nodes } = poses
  const losses = new Losses(recording, [...poses.fields, ...(time.field === undefined ? [] : [time.field])])
  if (time.unit === 'frames' && frames > 0)
    report.guessed('timestamps', 'the frame numbers, as seconds; --fps gives the rate')
  const placeOf = new Map(keys.map((key, place) => [key, place]))
  const first = animals[0]?.[0]?.data.path.replace(/data$/, 'timestamps')
  const timestamps = first === undefined ? undefined : await file.dataset(first)
  let row = 0
  for await (const batch of recording.batches()) {
    signal?.throwIfAborted()
    losses.add(batch)
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    const own = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : new Int32Array(index.length)
    const points = poses.keypoints(batch)
    const scores = poses.confidence(batch)
    const count = index.length
    const window = [{ start: row, stop: row + count }]
    await timestamps?.write(Float64Array.from(time.of(batch, index) as Float64Array, Number), window)
    // The cell of each animal in each frame.
    const cells = new Int32Array(animals.length * count).fill(-1)
    for (const [cell, key] of own.entries()) {
      if (key >= 0) cells[(placeOf.get(key) as number) * count + Math.floor(cell / layout.slots)] = cell
    }
    for (const [a, series] of animals.entries()) {
      const mine = cells.subarray(a * count, (a + 1) * count)
      if (mine.every((cell) => cell < 0)) continue
      for (const [n, { data, confidence }] of series.entries()) {
        const at = (cell: number) => cell * nodes.length + n
        const xy = Float64Array.from({ length: count * dimensions }, (_, i) => {
          const cell = mine[Math.floor(i / dimensions)] as number
          return cell < 0 ? Number.NaN : (points[at(cell) * dimensions + (i % dimensions)] as number)
        })
        await data.write(xy, window)
        if (scores)
          await confidence.write(
            Float64Array.from(mine, (cell) => (cell < 0 ? Number.NaN : (scores[at(cell)] as number))),
            window,
          )
      }
    }
    row += count
  }
  losses.report(report, `${title} has no place for them`, carriedAttributes)
}
