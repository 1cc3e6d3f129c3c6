/** Windows of frames of the datasets of an analysis file, which are read so that each chunk is decoded once. */
import type { ForeignFile } from '../../poses/input.js'
import type { Axis, Matrix } from './axes.js'

/** The values of a range of frames. The value of (frame, track, node, xy) is at `frame * stride.frame + …`. */
export interface Window {
  readonly data: ArrayLike<number>
  readonly stride: Readonly<Record<Axis, number>>
}

const least = 8 * 2 ** 20
const most = 40 * 2 ** 20

/**
 * Number of frames of a window: about 8 MiB, and a multiple of the frames of a chunk, so that no chunk is decoded twice; but of chunks with
 * very many frames only so many as keep the window below 40 MiB.
 */
export async function framesOfWindow(input: ForeignFile, matrices: readonly Matrix[]): Promise<number> {
  let row = 0
  let chunk = 1
  for (const { dataset, shape, axes } of matrices) {
    const at = axes.indexOf('frame')
    row += 8 * shape.reduce((all, n, axis) => (axis === at ? all : all * n), 1)
    const { chunks } = await input.guarded(dataset.path, () => dataset.details())
    if (chunks) chunk = Math.max(chunk, chunks[at] as number)
  }
  const limit = Math.max(1, Math.floor(most / Math.max(1, row)))
  const wanted = Math.max(1, Math.floor(least / Math.max(1, row)))
  return Math.min(limit, Math.ceil(wanted / chunk) * chunk)
}

/** Reads the frames from `start` to `stop`. */
export async function readWindow(
  input: ForeignFile,
  { dataset, axes, shape }: Matrix,
  start: number,
  stop: number,
): Promise<Window> {
  const selection = axes.map((axis) => (axis === 'frame' ? { start, stop } : null))
  const { data } = await input.read(dataset, selection)
  const stride = { frame: 0, track: 0, node: 0, xy: 0 }
  let step = 1
  for (let i = axes.length - 1; i >= 0; i--) {
    const axis = axes[i] as Axis
    stride[axis] = step
    step *= axis === 'frame' ? stop - start : (shape[i] as number)
  }
  return { data: data as Float64Array, stride }
}
