/** Reads frames one by one, window by window. */
import type { NdArray } from '../../hdf5/values/types.js'
import { rowsIn } from '../../layout/model.js'
import type { CameraRecords } from '../file/cameras.js'
import { narrow } from '../file/last-frame-index.js'
import type { Frame, TrackingWindow, TrackReading } from '../file/types.js'
import type { WindowSource } from '../file/window-source.js'
import { readAhead } from './read-ahead.js'
import { readWindow } from './window.js'

const windowMemory = 8 * 2 ** 20

/** Yields windows from `start` to `stop`. No window crosses the border of a chunk, and each takes at most about 8 MiB. */
export function* windowsOf(
  { columns, chunkFrames }: Pick<WindowSource, 'columns' | 'chunkFrames'>,
  start: number,
  stop: number,
): Generator<[number, number]> {
  const most = rowsIn(windowMemory, columns)
  for (let from = start; from < stop; ) {
    const to = Math.min(stop, from + most, from - (from % chunkFrames) + chunkFrames)
    yield [from, to]
    from = to
  }
}

/** Yields the frames from `start` to `stop`. While the frames of one window are used, the next window is read. */
export async function* readFrames(
  source: WindowSource,
  records: CameraRecords,
  start: number,
  stop: number,
): AsyncGenerator<Frame, void, void> {
  const windows = readAhead(windowsOf(source, start, stop), ([from, to]) =>
    readWindow(source, { start: from, stop: to, fields: source.layout.fields.map(({ name }) => name), records }),
  )
  for await (const window of windows) yield* framesOf(window as unknown as TrackingWindow, records)
}

/** Yields the frames of a window. */
export function* framesOf(window: TrackingWindow, records: CameraRecords): Generator<Frame> {
  const columns = { window, records, detections: arraysOf(window.cameraAssignments), boxes: arraysOf(window.bboxes) }
  const [length = 0, slots = 0] = window.fishId.shape
  for (let row = 0; row < length; row++) {
    const tracks: TrackReading[] = []
    for (let cell = row * slots; cell < (row + 1) * slots; cell++) {
      if (window.fishId.data[cell] !== -1) tracks.push(trackAt(columns, cell))
    }
    yield { frameIndex: narrow(window.frameIndex.data[row] as bigint), tracks }
  }
}

interface Columns {
  window: TrackingWindow
  records: CameraRecords
  detections: Int32Array[]
  boxes: Int32Array[]
}

function trackAt({ window, records, detections, boxes }: Columns, cell: number): TrackReading {
  const [x, y, z] = window.centroid3d.data.subarray(3 * cell, 3 * cell + 3) as unknown as [number, number, number]
  return {
    fishId: window.fishId.data[cell] as number,
    centroid3d: Number.isNaN(x) && Number.isNaN(y) && Number.isNaN(z) ? null : [x, y, z],
    confidence: window.confidence.data[cell] as number,
    reprojectionResidual: window.reprojectionResidual.data[cell] as number,
    nCameras: window.nCameras.data[cell] as number,
    isConfirmed: window.isConfirmed.data[cell] === 1,
    cameraDetections: records.make((camera) => {
      const index = (detections[camera] as Int32Array)[cell] as number
      return index === -1 ? undefined : index
    }),
    bboxes: records.make((camera) => boxAt(boxes[camera] as Int32Array, 4 * cell)),
  }
}

function boxAt(numbers: Int32Array, at: number): number[] | undefined {
  const box = [numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]] as [number, number, number, number]
  return (box[0] & box[1] & box[2] & box[3]) === -1 ? undefined : box
}

function arraysOf(record: Record<string, NdArray<Int32Array>>): Int32Array[] {
  return Object.values(record).map(({ data }) => data)
}
