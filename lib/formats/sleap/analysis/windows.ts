/** Windows of frames of the datasets of an analysis file, which are read so that each chunk is decoded once. */
import type { ForeignFile } from '../../poses/input.js'
import type { Axis, Matrix } from './axes.js'

/** The values of a range of frames. The value of (frame, track, node, xy) is at `frame * stride.frame + …`. */
export interface Window {
  readonly data: ArrayLike<number>
  readonly stride: Readonly<Record<Axis, number>>
}

const least = 4 * 2 ** 20
const most = 24 * 2 ** 20

/**
 * Number of frames of a window: about 4 MiB, and a multiple of the frames of a chunk of the large datasets, so that none of these is decoded
 * twice; but of chunks with very many frames only so many as keep the window below 24 MiB.
 */
export async function framesOfWindow(input: ForeignFile, matrices: readonly Matrix[]): Promise<number> {
  const rowOf = ({ shape, axes }: Matrix) =>
    8 * shape.reduce((all, n, axis) => (axes[axis] === 'frame' ? all : all * n), 1)
  const row = Math.max(
    1,
    matrices.reduce((sum, matrix) => sum + rowOf(matrix), 0),
  )
  let chunk = 1
  for (const matrix of matrices) {
    if (rowOf(matrix) < row / 8) continue
    const { chunks } = await input.guarded(matrix.dataset.path, () => matrix.dataset.details())
    if (chunks) chunk = Math.max(chunk, chunks[matrix.axes.indexOf('frame')] as number)
  }
  const limit = Math.max(1, Math.floor(most / row))
  const wanted = Math.max(1, Math.floor(least / row))
  return Math.min(limit, Math.ceil(wanted / chunk) * chunk)
}

/** What is read of the frames of a window. */
export interface WindowPart {
  /** One node instead of all. */
  readonly node?: number | undefined
  /** A window that is no longer needed. Its memory is used again if it fits. */
  readonly old?: Window | undefined
}

/** Reads the frames from `start` to `stop`. */
export async function readWindow(
  input: ForeignFile,
  { dataset, axes, shape }: Matrix,
  start: number,
  stop: number,
  { node, old }: WindowPart = {},
): Promise<Window> {
  const one = node === undefined ? null : { start: node, stop: node + 1 }
  const ranges = { frame: { start, stop }, node: one, track: null, xy: null }
  const selection = axes.map((axis) => ranges[axis])
  const stride = { frame: 0, track: 0, node: 0, xy: 0 }
  let step = 1
  for (let i = axes.length - 1; i >= 0; i--) {
    const axis = axes[i] as Axis
    stride[axis] = step
    const range = ranges[axis]
    step *= range ? range.stop - range.start : (shape[i] as number)
  }
  const isFloat =
    dataset.type.class === 'float' && (old?.data instanceof Float64Array || old?.data instanceof Float32Array)
  const into = isFloat && old.data.length === step ? (old.data as Float64Array) : undefined
  const { data } = await input.read(dataset, selection, into)
  return { data: data as Float64Array, stride }
}
