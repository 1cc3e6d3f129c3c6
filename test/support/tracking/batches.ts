import { CAMERAS, type Frame } from './frames.js'
import { type Column, columnsOf } from './model.js'

const ints = ({ data }: Column) => Int32Array.from(data as number[])
const floats = ({ data }: Column) => Float32Array.from(data as number[])
const record = (columns: [string, Column][]): Record<string, Int32Array> =>
  Object.fromEntries(columns.map(([camera, column]) => [camera, ints(column)]))

/** The frames as columns for `writeFrames`, in typed arrays that a test may change. */
export function batchOf(frames: readonly Frame[], maxFish: number, cameras: readonly string[] = CAMERAS) {
  const columns = columnsOf(frames, cameras, maxFish)
  return {
    frameIndex: BigInt64Array.from(columns.frameIndex.data as bigint[]),
    fishId: ints(columns.fishId),
    centroid3d: floats(columns.centroid3d),
    confidence: floats(columns.confidence),
    reprojectionResidual: floats(columns.reprojectionResidual),
    nCameras: ints(columns.nCameras),
    isConfirmed: Uint8Array.from(columns.isConfirmed.data as number[]),
    cameraAssignments: record(columns.cameraAssignments),
    bboxes: record(columns.bboxes),
  }
}
