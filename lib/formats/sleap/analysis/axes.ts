/** The order of the axes of SLEAP's analysis files. */
import type { Dataset } from '../../../hdf5/objects/dataset.js'
import type { ForeignFile } from '../../poses/input.js'

export type Axis = 'frame' | 'track' | 'node' | 'xy'

/** The axes that each dataset has. */
export const axesOf = {
  tracks: ['frame', 'track', 'node', 'xy'],
  point_scores: ['frame', 'track', 'node'],
  instance_scores: ['frame', 'track'],
  tracking_scores: ['frame', 'track'],
  track_occupancy: ['frame', 'track'],
} as const satisfies Record<string, readonly Axis[]>

export type AnalysisName = keyof typeof axesOf

/** Files that do not name their axes: those for MATLAB, whose axes are reversed, and those of SLEAP's `transpose=False`. */
const reversed: readonly Axis[] = ['track', 'xy', 'node', 'frame']
const untransposed: readonly Axis[] = ['frame', 'node', 'xy', 'track']

const remedy = 'write the file again with SLEAP or sleap-io, which name the axes'

/** A dataset of an analysis file, and its axes in the order of the file. */
export interface Matrix {
  readonly dataset: Dataset
  readonly shape: readonly number[]
  readonly axes: readonly Axis[]
}

/** The length of an axis. */
export const lengthOf = ({ axes, shape }: Matrix, axis: Axis): number => shape[axes.indexOf(axis)] as number

/** Opens `tracks`. Its axes are those that it names, else those that the file's attribute `transpose` means, else MATLAB's. */
export async function openTracks(input: ForeignFile, nodes: number): Promise<Matrix> {
  const dataset = await input.dataset('tracks', 'is it an analysis file (`sleap-convert --format analysis`)?')
  const shape = await shapeOf(input, dataset, 4)
  const named = await namedAxes(input, 'tracks')
  if (named) return { dataset, shape, axes: named }
  const told = await input.attribute('/', 'transpose')
  const first = told === 'False' || told === false || told === 0 ? untransposed : reversed
  const others = [reversed, untransposed, axesOf.tracks].filter((order) => order !== first)
  const fits = (axes: readonly Axis[]) => {
    const length = (axis: Axis) => shape[axes.indexOf(axis)]
    return length('xy') === 2 && (nodes === 0 || length('node') === nodes)
  }
  const axes = [first, ...others].find(fits)
  if (axes) return { dataset, shape, axes }
  const problem = `has the shape [${shape}], which is neither [track, 2, node, frame] nor [frame, track, node, 2]`
  throw input.problem('tracks', `${problem}${nodes > 0 ? ` with ${nodes} nodes` : ''}`, remedy)
}

/** Opens another dataset of the file, whose axes go with those of `tracks`; undefined if the file lacks it. */
export async function openBeside(
  input: ForeignFile,
  name: Exclude<AnalysisName, 'tracks'>,
  tracks: Matrix,
): Promise<Matrix | undefined> {
  const dataset = await input.find(name)
  if (!dataset) return undefined
  const wanted: readonly Axis[] = axesOf[name]
  const shape = await shapeOf(input, dataset, wanted.length)
  const inOrder = tracks.axes.filter((axis) => wanted.includes(axis))
  // MATLAB's files have the occupancy the other way round than everything else.
  const orders = name === 'track_occupancy' ? [[...inOrder].reverse(), inOrder] : [inOrder, [...inOrder].reverse()]
  const named = await namedAxes(input, name)
  const fits = (axes: readonly Axis[]) => axes.every((axis, i) => shape[i] === lengthOf(tracks, axis))
  const axes = (named ? [named] : orders).find(fits)
  if (axes) return { dataset, shape, axes }
  const lengths = wanted.map((axis) => `${axis} ${lengthOf(tracks, axis)}`).join(', ')
  throw input.problem(name, `has the shape [${shape}], which does not go with tracks (${lengths})`, remedy)
}

async function shapeOf(input: ForeignFile, dataset: Dataset, rank: number): Promise<readonly number[]> {
  const shape = await input.guarded(dataset.path, () => dataset.shape())
  const { type } = dataset
  const isNumber = type.class === 'float' || type.class === 'integer' || type.class === 'bool'
  if (shape?.length === rank && isNumber) return shape
  const found = `${shape ? `${shape.length} axes` : 'no values'} of type ${type.class}`
  throw input.problem(dataset.path, `has ${found}, not numbers along ${rank} axes`, remedy)
}

/** The axes that a dataset names in its attribute `dims`: a list of texts, or that list as JSON. */
async function namedAxes(input: ForeignFile, name: AnalysisName): Promise<readonly Axis[] | undefined> {
  const value = await input.attribute(name, 'dims')
  if (value === undefined || value === null) return undefined
  const wanted: readonly string[] = axesOf[name]
  const list = typeof value === 'string' ? parsed(value) : value
  const isOrder = Array.isArray(list) && list.length === wanted.length && wanted.every((axis) => list.includes(axis))
  if (isOrder) return list as readonly Axis[]
  throw input.problem(`${name}@dims`, `is ${JSON.stringify(value)}, not an order of ${wanted.join(', ')}`, remedy)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
