/** Reads files of movement. */
import type { Layout } from '../../layout/model.js'
import type { FieldSpecs } from '../../layout/spec.js'
import type { ReadOptions, Recording, Source } from '../core/format.js'
import { attributesFrom } from '../dense/attributes.js'
import { pointsLayout } from '../dense/layout.js'
import { type Dense, type DenseField, denseRecording } from '../dense/recording.js'
import { type ForeignFile, openSource } from '../poses/input.js'
import { posesOf } from '../poses/layout.js'
import { type Axis, lengthOf, type Variable, valuesOf, variable } from './axes.js'
import { type Times, timesOf } from './times.js'

const remedy = 'give a file that movement saved'

export function readMovement(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, async (input) => [await recordingIn(input, options)])
}

/** What a file holds. `shape` is the width and height of boxes. */
interface Contents {
  readonly input: ForeignFile
  readonly position: Variable
  readonly confidence: Variable | undefined
  readonly shape: Variable | undefined
  readonly times: Times
  readonly isPoses: boolean
}

async function recordingIn(input: ForeignFile, options: ReadOptions): Promise<Recording> {
  const { report } = options
  const isPoses = await input.has('keypoints', 'dataset')
  const animals: readonly Axis[] = isPoses ? ['keypoints', 'individuals'] : ['individuals']
  const position = await variable(input, 'position', ['time', 'space', ...animals])
  if (!position) throw input.problem('position', 'there is no such variable', remedy)
  const confidence = await variable(input, 'confidence', ['time', ...animals])
  const shape = isPoses ? undefined : await variable(input, 'shape', ['time', 'space', 'individuals'])
  for (const other of [confidence, shape]) if (other) checkLengths(input, position, other)
  const space = await labels(input, 'space', lengthOf(position, 'space'))
  if (!['x,y', 'x,y,z'].includes(space.join())) {
    throw input.problem('space', `has the coordinates ${space.join(', ')}, expected x, y or x, y, z`, remedy)
  }
  if (!isPoses && space.length !== 2) throw input.problem('space', 'boxes have the coordinates x, y', remedy)
  const attributes = await attributesIn(input)
  const times = await timesOf(input, lengthOf(position, 'time'), attributes, options)
  const contents: Contents = { input, position, confidence, shape, times, isPoses }
  const names = await labels(input, 'individuals', lengthOf(position, 'individuals'))
  const nodes = isPoses ? await labels(input, 'keypoints', lengthOf(position, 'keypoints')) : []
  const known = ['position', 'confidence', ...(isPoses ? [] : ['shape']), 'time', 'space', 'keypoints', 'individuals']
  for (const name of await input.guarded('/', () => input.file.keys())) {
    if (known.includes(name)) continue
    const dataset = await input.find(name)
    const lengths = dataset ? await input.guarded(name, () => dataset.shape()) : null
    report.lost(
      `variable ${name}`,
      lengths?.reduce((all, n) => all * n, 1) ?? 1,
      'it is neither positions, confidences nor shapes',
    )
  }
  const { edge_inds, symmetry_inds, ...metadata } = attributes
  return denseRecording(
    denseOf(contents),
    (slots) =>
      layoutOf(contents, {
        slots,
        names,
        nodes,
        edges: pairsIn(edge_inds, nodes.length),
        symmetries: pairsIn(symmetry_inds, nodes.length),
      }),
    attributesFrom(metadata, report),
    options,
  )
}

function checkLengths(input: ForeignFile, position: Variable, other: Variable): void {
  for (const axis of other.axes) {
    if (lengthOf(other, axis) === lengthOf(position, axis)) continue
    throw input.problem(
      other.name,
      `has ${lengthOf(other, axis)} along ${axis}, position has ${lengthOf(position, axis)}`,
      remedy,
    )
  }
}

/** The texts of a coordinate; numbers as texts. */
async function labels(input: ForeignFile, name: string, count: number): Promise<string[]> {
  const dataset = await input.find(name)
  if (!dataset) throw input.problem(name, 'there is no such coordinate', remedy)
  const found =
    dataset.type.class === 'string'
      ? await input.texts(name)
      : Array.from((await input.read(dataset)).data as ArrayLike<number>, String)
  if (found.length === count) return found
  throw input.problem(name, `has ${found.length} labels, position has ${count} along it`, remedy)
}

/** netCDF's own attributes begin with an underscore. */
async function attributesIn(input: ForeignFile): Promise<Record<string, unknown>> {
  const attributes: Record<string, unknown> = Object.create(null)
  for (const name of await input.guarded('/', () => input.file.attributes.keys())) {
    if (name.startsWith('_N')) continue
    const value = await input.attribute('/', name)
    // netCDF's scalars are lists of one number.
    attributes[name] = Array.isArray(value) && value.length === 1 ? value[0] : value
  }
  return attributes
}

function pairsIn(json: unknown, nodes: number): [number, number][] {
  try {
    const list: unknown = typeof json === 'string' ? JSON.parse(json) : []
    const isPair = (pair: unknown): pair is [number, number] =>
      Array.isArray(pair) &&
      pair.length === 2 &&
      pair.every((node) => Number.isInteger(node) && node >= 0 && node < nodes)
    return Array.isArray(list) ? list.filter(isPair) : []
  } catch {
    return []
  }
}

interface Description {
  readonly slots: number
  readonly names: readonly string[]
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly [number, number])[]
  readonly symmetries: readonly (readonly [number, number])[]
}

const typeOf = (one: Variable | undefined) => (one && !one.isNarrow ? 'float64' : 'float32')

function layoutOf(
  { position, confidence, shape, isPoses }: Contents,
  { slots, names, nodes, edges, symmetries }: Description,
): Layout {
  const certain = { type: typeOf(confidence), optional: true } as const
  const dimensions = lengthOf(position, 'space') as 2 | 3
  const precision = typeOf(position)
  if (isPoses) {
    return posesOf({
      ...{ group: 'poses', nodes, edges, dimensions, slots, precision, names },
      fields: { confidence: { ...certain, shape: [nodes.length], axes: ['node'] } },
      attributes: symmetries.length > 0 ? { symmetry_inds: symmetries } : {},
    })
  }
  const box: FieldSpecs = shape
    ? {
        box: {
          type: shape.isNarrow ? precision : 'float64',
          shape: [4],
          axes: ['side'],
          unit: 'px',
          optional: true,
          description: 'left, top, width, height',
        },
      }
    : {}
  return pointsLayout({
    ...{ slots, dimensions, precision, unit: 'px', names },
    fields: { ...box, ...(confidence && { confidence: certain }) },
    perFrame: { time: { type: 'float64', unit: 's', optional: true } },
  })
}

function denseOf({ input, position, confidence, shape, times, isPoses }: Contents): Dense {
  const animals = lengthOf(position, 'individuals')
  const order: Axis[] = ['time', 'individuals', ...(isPoses ? (['keypoints'] as const) : []), 'space']
  const { chunk } = position
  // Several fields are made of one window of positions.
  let last: { start: number; stop: number; data: Promise<ArrayLike<number>> } | undefined
  const positions = (start: number, stop: number): Promise<ArrayLike<number>> => {
    if (last?.start !== start || last.stop !== stop)
      last = { start, stop, data: valuesOf(input, position, order, start, stop) }
    return last.data
  }
  const fields: DenseField[] = []
  if (isPoses) fields.push({ name: 'keypoints', chunk, read: positions })
  else {
    for (const [axis, name] of ['x', 'y'].entries()) {
      fields.push({
        name,
        chunk,
        read: async (start, stop) => {
          const all = await positions(start, stop)
          return Float64Array.from({ length: all.length / 2 }, (_, i) => all[2 * i + axis] as number)
        },
      })
    }
    if (shape) {
      fields.push({
        name: 'box',
        read: async (start, stop) =>
          boxesOf(await positions(start, stop), await valuesOf(input, shape, order, start, stop)),
      })
    }
  }
  if (confidence) {
    const own = order.filter((axis) => axis !== 'space')
    fields.push({ name: 'confidence', read: (start, stop) => valuesOf(input, confidence, own, start, stop) })
  }
  return {
    frames: times.count,
    animals,
    fields,
    frameIndex: times.frameIndex,
    ...(times.seconds && {
      perFrame: [{ name: 'time', read: (start, stop) => times.seconds?.subarray(start, stop) as Float64Array }],
    }),
  }
}

/** From centres and sizes to left, top, width and height. */
function boxesOf(centres: ArrayLike<number>, sizes: ArrayLike<number>): Float64Array {
  const boxes = new Float64Array(2 * centres.length)
  for (let i = 0; i < centres.length; i += 2) {
    const [x, y, width, height] = [centres[i], centres[i + 1], sizes[i], sizes[i + 1]] as [
      number,
      number,
      number,
      number,
    ]
    boxes.set([x - width / 2, y - height / 2, width, height], 2 * i)
  }
  return boxes
}
