/** The poses of a recording, from whichever fields it has, for formats that hold poses. */
import { H5TracksError, show } from '../../base/errors.js'
import { arrayIn } from '../core/arrays.js'
import type { Batch, Recording, WriteOptions } from '../core/format.js'
import { attributesOf, fieldOf } from '../core/recordings.js'

/** Poses as a format writes them. A cell is a slot of a frame. */
export interface PoseReader {
  readonly nodes: readonly string[]
  readonly dimensions: 2 | 3
  /** Pairs of indices of nodes. */
  readonly edges: readonly (readonly [number, number])[]
  readonly symmetries: readonly (readonly [number, number])[]
  /** The fields that the poses come from. */
  readonly fields: readonly string[]
  /** The coordinates of a batch by cell, node and dimension. */
  keypoints(batch: Batch): ArrayLike<number>
  /** The confidences by cell and node; undefined if there are none. */
  confidence(batch: Batch): ArrayLike<number> | undefined
}

/** Attributes that every format of poses carries. */
export const poseAttributes = ['names', 'edge_inds', 'symmetry_inds', 'skeleton_name']

/** Finds the poses of a recording: its keypoints, those in a camera, its midlines, or its positions as one node. */
export function posesFor(recording: Recording, title: string, options: WriteOptions): PoseReader {
  const found =
    inCamera(recording, title, options) ?? inSpace(recording) ?? midlines(recording) ?? positions(recording, options)
  if (found) return { ...skeletonOf(recording, found.nodes), ...found }
  throw new H5TracksError(
    `${options.finalPath} cannot be written: ${title} holds keypoints, and ${recording.layout.root} has neither keypoints nor positions`,
    { code: 'ERR_UNSUPPORTED', path: options.finalPath },
  )
}

/** Throws ERR_UNSUPPORTED if the poses are in space. */
export function refuseSpace(
  { dimensions }: PoseReader,
  recording: Recording,
  title: string,
  options: WriteOptions,
): void {
  if (dimensions === 2) return
  const { cameras, layout } = recording
  const remedy =
    fieldOf(recording, 'cameraKeypoints') && cameras.length > 0
      ? `choose the keypoints of a camera with camera (--camera): ${cameras.map(show).join(', ')}`
      : 'choose a format with three coordinates, such as deeplabcut'
  throw new H5TracksError(
    `${options.finalPath} cannot be written: ${title} holds keypoints in an image, and those of ${layout.root} are in space; ${remedy}`,
    { code: 'ERR_UNSUPPORTED', path: options.finalPath, field: 'camera' },
  )
}

type Found = Omit<PoseReader, 'edges' | 'symmetries'>

function nodesOf({ layout }: Recording, count: number): readonly string[] {
  const labels = layout.axes.get('node')
  if (labels?.length === count) return labels.map(String)
  return Array.from({ length: count }, (_, i) => `node_${i}`)
}

function inCamera(recording: Recording, title: string, { camera, finalPath }: WriteOptions): Found | undefined {
  const field = fieldOf(recording, 'cameraKeypoints')
  const only = !fieldOf(recording, 'keypoints') && recording.cameras.length === 1 ? recording.cameras[0] : undefined
  const wanted = camera ?? only
  if (wanted === undefined) return undefined
  if (!field?.perCamera || !recording.cameras.includes(wanted)) {
    if (camera === undefined) return undefined
    const known = field ? recording.cameras.map(show).join(', ') : 'none'
    throw new H5TracksError(
      `${finalPath}: ${title}: there are no keypoints of a camera ${show(camera)}; there are ${known}`,
      {
        code: 'ERR_UNKNOWN_CAMERA',
        path: finalPath,
        camera,
      },
    )
  }
  return {
    nodes: nodesOf(recording, field.shape[0] as number),
    dimensions: 2,
    fields: ['cameraKeypoints', 'cameraConfidence'],
    keypoints: (batch) => arrayIn(batch, 'cameraKeypoints', wanted) as Float32Array,
    confidence: (batch) => arrayIn(batch, 'cameraConfidence', wanted) as Float32Array | undefined,
  }
}

function inSpace(recording: Recording): Found | undefined {
  const field = fieldOf(recording, 'keypoints')
  const dimensions = field?.shape[1]
  if (!field || field.perCamera || field.shape.length !== 2 || (dimensions !== 2 && dimensions !== 3)) return undefined
  const nodes = nodesOf(recording, field.shape[0] as number)
  const confidence = fieldOf(recording, 'confidence')
  const isOfNodes = confidence?.shape[0] === nodes.length && !confidence.perCamera
  return {
    nodes,
    dimensions,
    fields: isOfNodes ? ['keypoints', 'confidence'] : ['keypoints'],
    keypoints: (batch) => arrayIn(batch, 'keypoints') as Float32Array,
    confidence: (batch) => (isOfNodes ? (arrayIn(batch, 'confidence') as Float32Array | undefined) : undefined),
  }
}

function midlines(recording: Recording): Found | undefined {
  const name = ['points', 'controlPoints'].find((one) => fieldOf(recording, one)?.shape[1] === 3)
  if (name === undefined) return undefined
  const count = fieldOf(recording, name)?.shape[0] as number
  return {
    nodes: Array.from({ length: count }, (_, i) => `point_${i}`),
    dimensions: 3,
    fields: [name],
    keypoints: (batch) => arrayIn(batch, name) as Float32Array,
    confidence: () => undefined,
  }
}

/** Positions of whole animals are the node 'centroid'. */
function positions(recording: Recording, { report }: WriteOptions): Found | undefined {
  const scalar = (name: string) => {
    const field = fieldOf(recording, name)
    return field !== undefined && field.shape.length === 0 && !field.perCamera && field.value.kind === 'float'
  }
  const names = scalar('x') && scalar('y') ? (scalar('z') ? ['x', 'y', 'z'] : ['x', 'y']) : []
  const confidence = scalar('confidence') ? ['confidence'] : []
  const certain = (batch: Batch) => (confidence.length > 0 ? (arrayIn(batch, 'confidence') as Float32Array) : undefined)
  const centroid = fieldOf(recording, 'centroid3d')
  if (names.length === 0 && !centroid) return undefined
  report.guessed('nodes', "one node, 'centroid', at the position of the animal")
  const dimensions = names.length === 2 ? 2 : 3
  return {
    nodes: ['centroid'],
    dimensions,
    fields: [...(names.length > 0 ? names : ['centroid3d']), ...confidence],
    keypoints(batch) {
      if (names.length === 0) return arrayIn(batch, 'centroid3d') as Float32Array
      const parts = names.map((name) => arrayIn(batch, name) as Float64Array)
      const cells = parts[0]?.length ?? 0
      return Float64Array.from(
        { length: cells * dimensions },
        (_, i) => parts[i % dimensions]?.[Math.floor(i / dimensions)] ?? NaN,
      )
    },
    confidence: certain,
  }
}

function skeletonOf(recording: Recording, nodes: readonly string[]): Pick<PoseReader, 'edges' | 'symmetries'> {
  const attributes = attributesOf(recording)
  const pairs = (name: string) =>
    pairsIn(attributes[name]).filter((pair) => pair.every((node) => node >= 0 && node < nodes.length))
  return { edges: pairs('edge_inds'), symmetries: pairs('symmetry_inds') }
}

/** Pairs in an attribute: nested lists as a layout gives them, or numbers with a shape as they are read. */
function pairsIn(value: unknown): (readonly [number, number])[] {
  const given =
    typeof value === 'object' && value !== null && 'data' in value
      ? (value as { data: ArrayLike<unknown> }).data
      : value
  const flat = Array.isArray(given)
    ? given.flat()
    : ArrayBuffer.isView(given)
      ? Array.from(given as unknown as ArrayLike<unknown>)
      : []
  return Array.from({ length: flat.length >> 1 }, (_, i) => [Number(flat[2 * i]), Number(flat[2 * i + 1])] as const)
}
