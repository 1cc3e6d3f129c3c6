/** Layouts of poses: the keypoints of animals. */
import { checkOptions, H5TracksError, invalidArgument, show } from '../base/errors.js'
import { defineLayout } from '../layout/define.js'
import type { Layout } from '../layout/model.js'

/** A skeleton, and what its poses are measured in. */
export interface PoseOptions {
  /** The names of the keypoints, e.g. `['nose', 'left_ear', 'tail_base']`. */
  readonly nodes: readonly string[]
  /** The bones of the skeleton: pairs of nodes, by name or by index. Default: none. */
  readonly edges?: readonly (readonly [string | number, string | number])[]
  /** Number of coordinates of a keypoint: x and y, or x, y and z. */
  readonly dimensions: 2 | 3
  /** Number of animals that a frame holds. Default: 9. The option `slots` of a writer changes it. */
  readonly max?: number
  /** The cameras. Frames then also hold the keypoints in the image of each camera, and which cameras dropped the frame. */
  readonly cameras?: readonly string[]
  /** Name of the group. Default: 'poses'. */
  readonly group?: string
  /** Unit of the coordinates, e.g. 'mm'. Default: 'px' in 2 dimensions, none in 3. */
  readonly unit?: string
}

type Floats<Shape extends readonly number[]> = { readonly type: 'float32'; readonly shape: Shape }
type Optional = { readonly optional: true }

interface CommonSpec {
  readonly group: string
  readonly slots: { readonly name: 'individual'; readonly max: number }
  readonly perFrame: { readonly time: { readonly type: 'float64' } & Optional }
}

type PoseFields = {
  readonly keypoints: Floats<readonly [number, number]>
  readonly confidence: Floats<readonly [number]> & Optional
  readonly score: Floats<readonly []> & Optional
}

/** The description of poses in the image of one camera, or in space. */
export interface PoseSpec extends CommonSpec {
  readonly fields: PoseFields
}

/** The description of poses with the keypoints in the image of each camera. */
export interface CameraPoseSpec extends CommonSpec {
  readonly fields: { readonly [K in keyof PoseFields]: PoseFields[K] & Optional }
  readonly perCamera: {
    readonly cameraKeypoints: Floats<readonly [number, 2]> & Optional
    readonly cameraConfidence: Floats<readonly [number]> & Optional
  }
  readonly drops: true
}

/**
 * The layout of poses. A record is one animal in one frame:
 *
 * | field | shape | meaning |
 * |---|---|---|
 * | `individual` | | the identity of the animal, from 0 |
 * | `keypoints` | nodes x dimensions | coordinates; NaN for a node that was not found. A node with only some coordinates is refused |
 * | `confidence` | nodes | confidence of each node (SLEAP's point score, DeepLabCut's likelihood); NaN for none. May be left out |
 * | `score` | | confidence of the animal (SLEAP's instance score); NaN for none. May be left out |
 *
 * With `cameras` there are also, by camera, `cameraKeypoints` (nodes x 2, in px) and `cameraConfidence` (nodes). All values of a record
 * may then be left out, as animals are found in images before they are found in space. A frame may have a `time` in seconds.
 *
 * Labels: the nodes along the axis `node`, and 'x', 'y', 'z' along `space` ('x', 'y' along `image_space`). The attribute `edge_inds` holds the edges as pairs of
 * indices. (Terms: `keypoints`, `confidence`, `individual` and `space` as in movement's poses datasets; `edge_inds` as in SLEAP's
 * analysis files.)
 *
 * Throws ERR_INVALID_ARGUMENT for nodes that are not distinct names, and for edges between other nodes.
 */
export function poseLayout(options: PoseOptions & { readonly cameras: readonly string[] }): Layout<CameraPoseSpec>
export function poseLayout(options: PoseOptions): Layout<PoseSpec>
export function poseLayout(options: PoseOptions): Layout<CameraPoseSpec> | Layout<PoseSpec> {
  checkOptions('poseLayout', options, ['nodes', 'edges', 'dimensions', 'max', 'cameras', 'group', 'unit'])
  const { nodes, edges = [], dimensions, max = 9, cameras, group = 'poses' } = options
  if (dimensions !== 2 && dimensions !== 3) throw invalidArgument('poseLayout: dimensions', dimensions, '2 or 3')
  checkNodes(nodes)
  const { unit = dimensions === 2 ? 'px' : undefined } = options
  const n = nodes.length
  const space = ['x', 'y', 'z'].slice(0, dimensions)
  const common = {
    group,
    slots: { name: 'individual', max },
    perFrame: { time: { type: 'float64', unit: 's', optional: true } },
    axes: { node: nodes, space },
    attributes: skeleton(nodes, edges),
  } as const
  const points = { type: 'float32', partial: 'refuse' } as const
  const keypoints = {
    ...points,
    shape: [n, dimensions],
    axes: ['node', 'space'],
    ...(unit === undefined ? {} : { unit }),
  } as const
  const confidence = { type: 'float32', shape: [n], axes: ['node'], optional: true } as const
  const score = { type: 'float32', shape: [], optional: true } as const
  if (cameras === undefined) return defineLayout({ ...common, fields: { keypoints, confidence, score } })
  const inImage = { shape: [n, 2], axes: ['node', dimensions === 2 ? 'space' : 'image_space'], unit: 'px' } as const
  return defineLayout({
    ...common,
    axes: { ...common.axes, ...(dimensions === 2 ? {} : { image_space: ['x', 'y'] }) },
    fields: { keypoints: { ...keypoints, optional: true }, confidence, score },
    perCamera: { cameraKeypoints: { ...points, ...inImage, optional: true }, cameraConfidence: confidence },
    cameras,
    drops: true,
  })
}

function checkNodes(nodes: unknown): void {
  const names = Array.isArray(nodes) && nodes.every((name) => typeof name === 'string' && name !== '') ? nodes : []
  if (names.length > 0 && new Set(names).size === names.length) return
  throw invalidArgument('poseLayout: nodes', nodes, 'a list of distinct names')
}

function skeleton(
  nodes: readonly string[],
  edges: NonNullable<PoseOptions['edges']>,
): { edge_inds?: readonly (readonly number[])[] } {
  if (!Array.isArray(edges)) throw invalidArgument('poseLayout: edges', edges, 'a list of pairs of nodes')
  const indices = edges.map((edge, i) => {
    if (!Array.isArray(edge) || edge.length !== 2) throw invalidArgument(`poseLayout: edges[${i}]`, edge, 'two nodes')
    return edge.map((node: string | number) => {
      const index = typeof node === 'string' ? nodes.indexOf(node) : node
      if (Number.isInteger(index) && index >= 0 && index < nodes.length) return index
      throw new H5TracksError(`poseLayout: edges[${i}] has ${show(node)}, which is none of the ${nodes.length} nodes`, {
        code: 'ERR_INVALID_ARGUMENT',
        field: `edges[${i}]`,
      })
    })
  })
  return edges.length === 0 ? {} : { edge_inds: indices }
}
