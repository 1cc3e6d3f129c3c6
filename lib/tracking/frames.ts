/** Makes the frames of tracking files: fish with their detections and boxes by camera. */
import { CameraRecords } from '../frames/file/cameras.js'
import { narrow } from '../frames/file/last-frame-index.js'
import type { Decoded, FrameDecoder } from '../frames/read/frames.js'
import type { TypedArray } from '../native/element-types.js'
import type { Frame, TrackReading } from './types.js'

/** The stored values of a window. */
interface Columns {
  fishId: Int32Array
  centroid3d: Float32Array
  confidence: Float32Array
  reprojectionResidual: Float32Array
  nCameras: Int32Array
  isConfirmed: Uint8Array
  detections: Int32Array[]
  boxes: Int32Array[]
}

export class TrackDecoder implements FrameDecoder<Frame> {
  readonly #records: CameraRecords
  readonly #slots: number
  /** The fields of the columns. */
  readonly #fields: readonly string[]

  constructor({ cameraNames, slots, columns }: Decoded) {
    this.#records = new CameraRecords(cameraNames)
    this.#slots = slots
    this.#fields = columns.map(({ field }) => field.name)
  }

  *frames(arrays: readonly TypedArray[], rows: number): Generator<Frame, void, void> {
    const indices = this.#arraysOf('frameIndex', arrays)[0] as BigInt64Array
    const columns = this.#columns(arrays)
    const { fishId } = columns
    for (let row = 0; row < rows; row++) {
      const tracks: TrackReading[] = []
      for (let cell = row * this.#slots; cell < (row + 1) * this.#slots; cell++) {
        if (fishId[cell] !== -1) tracks.push(trackAt(columns, this.#records, cell))
      }
      yield { frameIndex: narrow(indices[row] as bigint), tracks }
    }
  }

  #columns(arrays: readonly TypedArray[]): Columns {
    const one = (name: string) => this.#arraysOf(name, arrays)[0]
    return {
      fishId: one('fishId') as Int32Array,
      centroid3d: one('centroid3d') as Float32Array,
      confidence: one('confidence') as Float32Array,
      reprojectionResidual: one('reprojectionResidual') as Float32Array,
      nCameras: one('nCameras') as Int32Array,
      isConfirmed: one('isConfirmed') as Uint8Array,
      detections: this.#arraysOf('cameraAssignments', arrays) as Int32Array[],
      boxes: this.#arraysOf('bboxes', arrays) as Int32Array[],
    }
  }

  #arraysOf(name: string, arrays: readonly TypedArray[]): TypedArray[] {
    return arrays.filter((_, i) => this.#fields[i] === name)
  }
}

function trackAt(columns: Columns, records: CameraRecords, cell: number): TrackReading {
  const { detections, boxes } = columns
  const [x, y, z] = columns.centroid3d.subarray(3 * cell, 3 * cell + 3) as unknown as [number, number, number]
  return {
    fishId: columns.fishId[cell] as number,
    centroid3d: Number.isNaN(x) && Number.isNaN(y) && Number.isNaN(z) ? null : [x, y, z],
    confidence: columns.confidence[cell] as number,
    reprojectionResidual: columns.reprojectionResidual[cell] as number,
    nCameras: columns.nCameras[cell] as number,
    isConfirmed: columns.isConfirmed[cell] === 1,
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
