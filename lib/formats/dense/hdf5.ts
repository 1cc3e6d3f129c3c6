/** Datasets of another program's HDF5 file, read in windows of frames. */
import type { Dataset } from '../../hdf5/objects/dataset.js'
import type { ForeignFile } from '../poses/input.js'

/** A dataset of numbers whose first axis is frames. */
export interface FrameArray {
  readonly dataset: Dataset
  readonly shape: readonly number[]
  /** Number of frames that are decoded together. */
  readonly chunk: number
  /** True if a float32 holds all its values. */
  readonly isNarrow: boolean
  rows(start: number, stop: number): Promise<ArrayLike<number>>
}

/** Opens a dataset of numbers; undefined if there is none. Throws ERR_FORMAT if its shape is not `expected` (null: any length). */
export async function frameArray(
  input: ForeignFile,
  path: string,
  expected: readonly (number | null)[],
): Promise<FrameArray | undefined> {
  const dataset = await input.find(path)
  if (!dataset) return undefined
  const { shape, chunks } = await input.guarded(path, () => dataset.details())
  const { type } = dataset
  if (!shape || !['float', 'integer', 'bool', 'enum'].includes(type.class))
    throw input.problem(path, 'is not an array of numbers')
  const fits =
    shape.length === expected.length && shape.every((n, axis) => expected[axis] === null || expected[axis] === n)
  if (!fits) {
    const wanted = expected.map((n) => n ?? 'any').join(', ')
    throw input.problem(
      path,
      `has the shape (${shape.join(', ')}), expected (${wanted})`,
      'write the file again with the program that made it',
    )
  }
  // Several fields may be made of one window.
  let last: { start: number; stop: number; data: ArrayLike<number> } | undefined
  return {
    dataset,
    shape,
    chunk: chunks?.[0] ?? 1,
    isNarrow: type.class === 'float' ? type.size <= 4 : type.class !== 'integer' || type.size <= 2,
    async rows(start, stop) {
      if (last?.start !== start || last.stop !== stop) {
        last = { start, stop, data: numbers((await input.read(dataset, [{ start, stop }])).data) }
      }
      return last.data
    },
  }
}

/** The numbers of any array: those of booleans are 0 and 1. */
function numbers(data: unknown): ArrayLike<number> {
  if (ArrayBuffer.isView(data)) return data as unknown as ArrayLike<number>
  return Array.from(data as ArrayLike<unknown>, Number)
}

/** Like {@link frameArray}, for a dataset that the format needs. */
export async function neededFrameArray(
  input: ForeignFile,
  path: string,
  expected: readonly (number | null)[],
  remedy: string,
): Promise<FrameArray> {
  const found = await frameArray(input, path, expected)
  if (found) return found
  throw input.problem(path, 'there is no such dataset', remedy)
}
