/** Trajectories as arrays [frame, animal, xy], of NumPy or in HDF5. */
import type { ReadOptions, Recording } from '../core/format.js'
import { type Dense, type DenseField, denseRecording } from '../dense/recording.js'
import { type Facts, sessionOf } from './session.js'

/** An array of numbers that is read in windows of frames. */
export interface Matrix {
  readonly shape: readonly number[]
  readonly chunk?: number
  rows(start: number, stop: number): Promise<ArrayLike<number>> | ArrayLike<number>
}

type Problem = (place: string, what: string, remedy?: string) => Error

const remedy = 'it must be [frames, animals, 2]; export the trajectories again'

/** Makes the recording of a session. */
export async function recordingOf(
  trajectories: Matrix,
  probabilities: Matrix | undefined,
  facts: Facts,
  problem: Problem,
  options: ReadOptions,
): Promise<Recording> {
  const [frames, animals, axes] = trajectories.shape as [number, number, number]
  if (trajectories.shape.length !== 3 || axes !== 2) {
    throw problem('trajectories', `has the shape (${trajectories.shape.join(', ')})`, remedy)
  }
  if (probabilities) {
    const [rows, columns, one = 1] = probabilities.shape
    if (rows !== frames || columns !== animals || one !== 1 || probabilities.shape.length > 3) {
      throw problem(
        'id_probabilities',
        `has the shape (${probabilities.shape.join(', ')}), trajectories has (${trajectories.shape.join(', ')})`,
        'export the trajectories again',
      )
    }
  }
  const fields: DenseField[] = ['x', 'y'].map((name, axis) => ({
    name,
    ...(trajectories.chunk !== undefined && { chunk: trajectories.chunk }),
    read: async (start, stop) => everyOther(await windowOf(start, stop), axis),
  }))
  if (probabilities) fields.push({ name: 'confidence', read: (start, stop) => probabilities.rows(start, stop) })
  // Both coordinates are read with one call.
  let last: { start: number; stop: number; data: ArrayLike<number> } | undefined
  async function windowOf(start: number, stop: number): Promise<ArrayLike<number>> {
    if (last?.start !== start || last.stop !== stop) last = { start, stop, data: await trajectories.rows(start, stop) }
    return last.data
  }
  const session = sessionOf(facts, { animals, hasProbabilities: probabilities !== undefined }, options)
  const dense: Dense = { frames, animals, fields }
  return denseRecording(dense, session.layoutWith, session.metadata, options)
}

function everyOther(values: ArrayLike<number>, from: number): Float64Array {
  const half = new Float64Array(values.length >> 1)
  for (let i = 0; i < half.length; i++) half[i] = values[2 * i + from] as number
  return half
}
