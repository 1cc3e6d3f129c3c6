// Write batches of frames from typed arrays in the file's own layout, for trackers that have columns instead of records.
import { readTrackingResults, TrackingWriter } from 'h5tracks'

const [path = 'columns.h5'] = process.argv.slice(2)
const cameras = ['top', 'front']
const maxFish = 4 // slots in a frame
const n = 250 // frames in a batch
const cells = n * maxFish

/** Frames from `first` to `first + n - 1`: fish 3 and 7 in slots 0 and 1; the empty slots hold the fill values. */
function batch(/** @type {number} */ first) {
  const columns = {
    frameIndex: BigInt64Array.from({ length: n }, (_, i) => BigInt(first + i)),
    fishId: new Int32Array(cells).fill(-1),
    centroid3d: new Float32Array(3 * cells).fill(Number.NaN),
    confidence: new Float32Array(cells).fill(-1),
    reprojectionResidual: new Float32Array(cells).fill(-1),
    nCameras: new Int32Array(cells),
    isConfirmed: new Uint8Array(cells),
    // A camera that saw nothing, here the front one, can be left out.
    cameraAssignments: { top: new Int32Array(cells).fill(-1) },
    bboxes: { top: new Int32Array(4 * cells).fill(-1) },
  }
  for (let row = 0; row < n; row++) {
    for (const [slot, id] of [3, 7].entries()) {
      const cell = row * maxFish + slot
      columns.fishId[cell] = id
      columns.centroid3d.set([id + 0.25 * (first + row), 20, 30], 3 * cell)
      columns.confidence[cell] = 0.9
      columns.reprojectionResidual[cell] = 1.5
      columns.nCameras[cell] = 1
      columns.cameraAssignments.top[cell] = slot
      columns.bboxes.top.set([first + row, 8, 40, 20], 4 * cell)
    }
  }
  return columns
}

const writer = new TrackingWriter(path, cameras, { maxFish, overwrite: true })
for (let first = 0; first < 1000; first += n) {
  if (!writer.writeFrames(batch(first))) await writer.drain()
}
await writer.close()

const { centroid3d, fishId } = await readTrackingResults(path)
console.log(
  `${path}: positions ${centroid3d.shape.join(' x ')}, ids of the last frame ${fishId.data.slice(-maxFish).join(' ')}`,
)
