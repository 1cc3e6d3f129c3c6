import {
  defineLayout,
  type FrameArguments,
  FrameWriter,
  type Layout,
  type LayoutsByName,
  type RecordInput,
} from 'h5tracks'
import { askH5py } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

/** Poses of up to 3 animals under 2 cameras: a field of each kind that records can be refused for. */
export const poses = defineLayout({
  group: 'poses',
  slots: { name: 'animalId', max: 3 },
  perFrame: { time: { type: 'float64', unit: 's' }, light: { type: 'uint8', optional: true } },
  fields: {
    keypoints: { type: 'float32', shape: [3, 2], partial: 'refuse' },
    score: { type: 'float32', shape: [3], fill: -1, range: [-1, 1] },
    label: { type: 'enum', members: { idle: 0, feeding: 1 } },
    count: { type: 'uint8', optional: true },
    tick: { type: 'int64', optional: true },
    seen: { type: 'bool', optional: true },
    note: { type: 'string', length: 8, optional: true },
  },
  perCamera: { box: { type: 'int32', shape: [4], fill: -1 } },
  drops: true,
})

/** A sensor with one record a frame. */
export const sensor = defineLayout({
  group: 'rig/sensor',
  fields: { volts: { type: 'float32', shape: [2] }, gain: 'uint16' },
})

export const CAMERAS = ['top', 'side']

/** A valid record of `poses`. */
export const animal = (animalId: number, change: Record<string, unknown> = {}): RecordInput<typeof poses.spec> => ({
  animalId,
  keypoints: [1, 2, 3, 4, 5, 6],
  score: [0.5, 0.25, -1],
  label: 'idle',
  box: { top: [1, 2, 3, 4] },
  ...change,
})

/** Writes frames to a new file, and returns its path. */
export async function written<const L extends Layout | LayoutsByName>(
  layout: L,
  frames: readonly [number, ...FrameArguments<L>][],
  options: ConstructorParameters<typeof FrameWriter>[2] = {},
): Promise<string> {
  const path = scratch('frames.h5')
  await using writer = new FrameWriter(path, layout, options)
  for (const [index, ...frame] of frames) writer.writeFrame(index, ...frame)
  return path
}

/** The values of a dataset as nested lists; texts for NaN and for integers beyond the safe ones. */
export function valuesOf<T>(path: string, dataset: string): Promise<T> {
  const plain =
    '(lambda v: v.astype(str) if v.dtype.kind == "f" or v.dtype.itemsize == 8 else np.char.decode(v) if v.dtype.kind == "S" else v)'
  return askH5py<T>(path, `${plain}(f["${dataset}"][()]).tolist()`)
}
