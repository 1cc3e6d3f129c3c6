/** Writes files of movement: netCDF-4 that xarray reads with either of its engines. */
import { File } from '../../hdf5/objects/file.js'
import { arrayIn } from '../core/arrays.js'
import { boxesOf } from '../core/boxes.js'
import type { Batch, Recording, WriteOptions } from '../core/format.js'
import { Losses } from '../core/losses.js'
import { attributesOf, fieldOf, onlyRecording } from '../core/recordings.js'
import { survey } from '../dense/survey.js'
import { posesFor } from '../poses/output.js'
import { attributesForNetcdf } from './attributes.js'
import { NetcdfFile } from './netcdf.js'

const title = 'a file of movement'

/** What is written of each frame and animal. `values` are by cell: positions, confidences, sizes. */
interface Content {
  readonly kind: 'poses' | 'bboxes'
  readonly nodes: readonly string[]
  readonly dimensions: 2 | 3
  readonly fields: readonly string[]
  readonly precision: 'float32' | 'float64'
  positions(batch: Batch): ArrayLike<number>
  confidence(batch: Batch): ArrayLike<number> | undefined
  sizes?(batch: Batch): ArrayLike<number>
}

export async function writeMovement(
  recordings: readonly Recording[],
  path: string,
  options: WriteOptions,
): Promise<void> {
  const recording = onlyRecording(recordings, title, options)
  const content = contentOf(recording, options)
  const found = await survey(recording, content.confidence, options)
  const file = new File(path, 'w', { trackOrder: true })
  try {
    await write(recording, content, found, file, options)
  } finally {
    await file.close()
  }
}

function contentOf(recording: Recording, options: WriteOptions): Content {
  const isDouble = (name: string | undefined) => {
    const value = name === undefined ? undefined : fieldOf(recording, name)?.value
    return value?.kind !== 'float' || value.type === 'float64'
  }
  const hasPoses = fieldOf(recording, 'keypoints') || (options.camera === undefined && fieldOf(recording, 'centroid3d'))
  if (hasPoses || !(fieldOf(recording, 'box') || fieldOf(recording, 'bboxes') || fieldOf(recording, 'cameraBox'))) {
    const poses = posesFor(recording, title, options)
    return {
      kind: 'poses',
      nodes: poses.nodes,
      dimensions: poses.dimensions,
      fields: poses.fields,
      precision: isDouble(poses.fields[0]) ? 'float64' : 'float32',
      positions: poses.keypoints,
      confidence: poses.confidence,
    }
  }
  const boxes = boxesOf(recording, title, options)
  const centres = ['x', 'y'].every((name) => fieldOf(recording, name)?.shape.length === 0) ? ['x', 'y'] : []
  const certain = fieldOf(recording, 'confidence')?.shape.length === 0 ? ['confidence'] : []
  return {
    kind: 'bboxes',
    nodes: [],
    dimensions: 2,
    fields: [...boxes.fields, ...centres, ...certain],
    precision: [...boxes.fields, ...centres].some(isDouble) ? 'float64' : 'float32',
    positions(batch) {
      const own = boxes.read(batch)
      const [x, y] = centres.map((name) => arrayIn(batch, name) as Float64Array)
      return Float64Array.from({ length: own.length / 2 }, (_, i) => {
        const cell = i >> 1
        const centre = (i % 2 === 0 ? x : y)?.[cell]
        if (centre !== undefined && !Number.isNaN(centre)) return centre
        return (own[4 * cell + (i % 2)] as number) + (own[4 * cell + 2 + (i % 2)] as number) / 2
      })
    },
    confidence: (batch) => (certain.length > 0 ? (arrayIn(batch, 'confidence') as Float32Array) : undefined),
    sizes(batch) {
      const own = boxes.read(batch)
      return Float64Array.from({ length: own.length / 2 }, (_, i) => own[4 * (i >> 1) + 2 + (i % 2)] as number)
    },
  }
}

async function write(
  recording: Recording,
  content: Content,
  { frames, keys, names, time, hasConfidence }: Awaited<ReturnType<typeof survey>>,
  file: File,
  options: WriteOptions,
): Promise<void> {
  const { layout } = recording
  const { kind, nodes, dimensions, precision } = content
  const netcdf = await NetcdfFile.create(file, attributesForNetcdf(recording, kind, time))
  const space = ['x', 'y', 'z'].slice(0, dimensions)
  await netcdf.numbers('time', frames, time.unit === 'frames' ? 'int64' : 'float64')
  await netcdf.texts('space', space)
  if (kind === 'poses') await netcdf.texts('keypoints', nodes)
  await netcdf.texts('individuals', names)
  const points = kind === 'poses' ? ['keypoints'] : []
  const isDouble = (name: string) => {
    const value = fieldOf(recording, name)?.value
    return value?.kind === 'float' && value.type === 'float64'
  }
  const variables = {
    position: await netcdf.variable('position', precision, ['time', 'space', ...points, 'individuals']),
    // movement expects the variable also where nothing is known.
    confidence: await netcdf.variable(
      'confidence',
      hasConfidence && isDouble(content.fields.find((name) => /onfidence/.test(name)) ?? '') ? 'float64' : 'float32',
      ['time', ...points, 'individuals'],
    ),
    shape: content.sizes && (await netcdf.variable('shape', precision, ['time', 'space', 'individuals'])),
  }
  const placeOf = new Map(keys.map((key, place) => [key, place]))
  const losses = new Losses(recording, [...content.fields, ...(time.field === undefined ? [] : [time.field])])
  let row = 0
  for await (const batch of recording.batches()) {
    options.signal?.throwIfAborted()
    losses.add(batch)
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    const own = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : new Int32Array(index.length)
    const places = Int32Array.from(own, (key) => (key < 0 ? -1 : (placeOf.get(key) as number)))
    await netcdf.put('time', row, time.of(batch, index))
    const cells = { row, count: index.length, slots: layout.slots, places }
    await variables.position.put(content.positions(batch), cells)
    const confidence = content.confidence(batch)
    if (confidence && hasConfidence) await variables.confidence.put(confidence, cells)
    if (content.sizes) await variables.shape?.put(content.sizes(batch), cells)
    row += index.length
  }
  losses.report(options.report, `${title} has no place for them`, Object.keys(attributesOf(recording)))
}
