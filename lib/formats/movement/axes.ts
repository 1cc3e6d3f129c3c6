/** The variables of a movement file, whose axes are in any order. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { ForeignFile } from '../poses/input.js'

export type Axis = 'time' | 'space' | 'keypoints' | 'individuals'

const axisNames: Readonly<Record<string, Axis>> = {
  time: 'time',
  space: 'space',
  keypoints: 'keypoints',
  keypoint: 'keypoints',
  individuals: 'individuals',
  individual: 'individuals',
}

/** A variable over named axes. */
export interface Variable {
  readonly dataset: Dataset
  readonly name: string
  readonly axes: readonly Axis[]
  readonly shape: readonly number[]
  /** Number of times that are decoded together. */
  readonly chunk: number
  /** True if a float32 holds all its values. */
  readonly isNarrow: boolean
}

/** Length of an axis; 1 if the variable does not have it. */
export const lengthOf = ({ axes, shape }: Variable, axis: Axis): number => {
  const at = axes.indexOf(axis)
  return at < 0 ? 1 : (shape[at] as number)
}

/** Opens a variable; undefined if there is none. Throws ERR_FORMAT if it is not made of these axes. */
export async function variable(
  input: ForeignFile,
  name: string,
  wanted: readonly Axis[],
): Promise<Variable | undefined> {
  const dataset = await input.find(name)
  if (!dataset) return undefined
  const { shape, chunks } = await input.guarded(name, () => dataset.details())
  const { type } = dataset
  if (!shape || (type.class !== 'float' && type.class !== 'integer'))
    throw input.problem(name, 'is not an array of numbers')
  const names: string[] = []
  for (let axis = 0; axis < shape.length; axis++) names.push(await scaleName(input, dataset, axis))
  const axes = names.map((one) => axisNames[one])
  const isComplete = axes.length === wanted.length && wanted.every((axis) => axes.includes(axis))
  if (!isComplete) {
    throw input.problem(
      name,
      `has the axes (${names.map((one) => one || 'unnamed').join(', ')}), expected (${wanted.join(', ')})`,
      'save it again with movement',
    )
  }
  const time = axes.indexOf('time')
  return {
    dataset,
    name,
    axes: axes as Axis[],
    shape,
    chunk: chunks?.[time] ?? 1,
    isNarrow: type.class === 'float' ? type.size <= 4 : type.size <= 2,
  }
}

async function scaleName(input: ForeignFile, dataset: Dataset, axis: number): Promise<string> {
  return input.guarded(dataset.path, async () => {
    const [reference] = await dataset.scales(axis)
    if (!reference) return (await dataset.label(axis)) ?? ''
    return (await input.file.get(reference)).path?.replace(/^.*\//, '') ?? ''
  })
}

/** The values of times from `start` to `stop`, in the order of `order`, which names all axes of the variable, time first. */
export async function valuesOf(
  input: ForeignFile,
  { dataset, axes, shape }: Variable,
  order: readonly Axis[],
  start: number,
  stop: number,
): Promise<ArrayLike<number>> {
  const { data } = await input.read(
    dataset,
    axes.map((axis) => (axis === 'time' ? { start, stop } : null)),
  )
  const values = data as Float64Array
  if (order.every((axis, i) => axes[i] === axis)) return values
  const lengths = axes.map((axis, i) => (axis === 'time' ? stop - start : (shape[i] as number)))
  const strides = lengths.map((_, i) => lengths.slice(i + 1).reduce((all, n) => all * n, 1))
  const steps = order.map((axis) => strides[axes.indexOf(axis)] as number)
  const counts = order.map((axis) => lengths[axes.indexOf(axis)] as number)
  const result = new Float64Array(values.length)
  let to = 0
  const walk = (depth: number, from: number): void => {
    const [count, step] = [counts[depth] as number, steps[depth] as number]
    if (depth === counts.length - 1) for (let i = 0; i < count; i++) result[to++] = values[from + i * step] as number
    else for (let i = 0; i < count; i++) walk(depth + 1, from + i * step)
  }
  walk(0, 0)
  return result
}
