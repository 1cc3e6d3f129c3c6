/** The boxes of animals, from whichever fields a recording has. */
import { H5TracksError, show } from '../../base/errors.js'
import { arrayIn } from './arrays.js'
import type { Batch, Recording, WriteOptions } from './format.js'
import { fieldOf } from './recordings.js'

/** Gives the boxes of a batch: left, top, width and height, one after another for each cell. NaN where there is none. */
export interface BoxReader {
  /** The fields that the boxes come from. */
  readonly fields: readonly string[]
  /** The camera whose boxes they are. */
  readonly camera: string | undefined
  read(batch: Batch): ArrayLike<number>
}

/** Finds the boxes of a recording: its field `box`, those of one camera, or the extent of its keypoints. */
export function boxesOf(recording: Recording, title: string, { camera, report, finalPath }: WriteOptions): BoxReader {
  if (camera === undefined && fieldOf(recording, 'box')) {
    return { fields: ['box'], camera, read: (batch) => arrayIn(batch, 'box') as Float32Array }
  }
  const perCamera = ['cameraBox', 'bboxes', 'box'].find((name) => fieldOf(recording, name)?.perCamera)
  if (perCamera !== undefined) {
    const chosen = cameraOf(recording, title, camera, finalPath)
    return {
      fields: [perCamera],
      camera: chosen,
      read: (batch) => known(arrayIn(batch, perCamera, chosen) as Float32Array),
    }
  }
  const keypoints = fieldOf(recording, 'keypoints')
  if (keypoints?.shape[1] === 2) {
    report.guessed('boxes', 'the extent of the keypoints')
    const nodes = keypoints.shape[0] as number
    return {
      fields: [],
      camera: undefined,
      read: (batch) => extents(arrayIn(batch, 'keypoints') as Float32Array, nodes),
    }
  }
  throw new H5TracksError(
    `${finalPath} cannot be written: ${title} needs boxes, and ${recording.layout.root} has neither boxes nor keypoints in 2 dimensions`,
    {
      code: 'ERR_UNSUPPORTED',
      path: finalPath,
    },
  )
}

function cameraOf({ cameras }: Recording, title: string, wanted: string | undefined, path: string): string {
  const [only] = cameras
  if (wanted === undefined && only !== undefined && cameras.length === 1) return only
  if (wanted !== undefined && cameras.includes(wanted)) return wanted
  const problem = wanted === undefined ? `${title} holds the boxes of one camera` : `there is no camera ${show(wanted)}`
  throw new H5TracksError(`${path}: ${problem}; choose one of ${cameras.map(show).join(', ')} with camera (--camera)`, {
    code: wanted === undefined ? 'ERR_UNSUPPORTED' : 'ERR_UNKNOWN_CAMERA',
    path,
    field: 'camera',
  })
}

/** Integer boxes of which all sides are -1 are not known. */
function known(boxes: Float32Array | Int32Array): ArrayLike<number> {
  if (!(boxes instanceof Int32Array)) return boxes
  const numbers = new Float64Array(boxes)
  for (let at = 0; at < numbers.length; at += 4) {
    if (boxes[at] === -1 && boxes[at + 1] === -1 && boxes[at + 2] === -1 && boxes[at + 3] === -1)
      numbers.fill(NaN, at, at + 4)
  }
  return numbers
}

function extents(points: Float32Array, nodes: number): Float64Array {
  const boxes = new Float64Array((points.length / nodes / 2) * 4).fill(NaN)
  for (let cell = 0; cell < boxes.length / 4; cell++) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
    for (let at = cell * nodes * 2; at < (cell + 1) * nodes * 2; at += 2) {
      const [x, y] = [points[at] as number, points[at + 1] as number]
      if (Number.isNaN(x)) continue
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
    if (right >= left) boxes.set([left, top, right - left, bottom - top], 4 * cell)
  }
  return boxes
}
