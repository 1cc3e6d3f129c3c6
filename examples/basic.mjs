// Write a run, read it back, and get the trajectory of one fish.
import { readTrackingResults, TrackingReader, TrackingWriter } from 'h5tracks'

const [path = 'basic.h5'] = process.argv.slice(2)

/** Two fish that swim along x; the front camera sees only the first. */
const tracks = (/** @type {number} */ frame) =>
  [0, 1].map((fishId) => ({
    fishId,
    centroid3d: [10 * fishId + 0.25 * frame, 20, 30],
    confidence: 0.9,
    reprojectionResidual: 1.5,
    nCameras: 2 - fishId,
    isConfirmed: fishId === 0,
    cameraDetections: fishId === 0 ? { top: 0, front: 0 } : { top: 1 },
    bboxes: fishId === 0 ? { top: [4, 8, 40, 20], front: [6, 9, 38, 22] } : { top: [90, 8, 41, 21] },
  }))

const writer = new TrackingWriter(path, ['top', 'front'], { overwrite: true, metadata: { fps: 60, units: 'cm' } })
for (let frame = 0; frame < 600; frame++) {
  if (!writer.writeFrame(frame, tracks(frame))) await writer.drain()
}
await writer.close()

const { cameraNames, centroid3d, metadata } = await readTrackingResults(path)
console.log(
  `${path}: positions ${centroid3d.shape.join(' x ')}, cameras ${cameraNames.join(', ')}, ${metadata.fps} fps`,
)

const reader = new TrackingReader(path)
const fish = await reader.trajectory(1)
reader.close()
console.log(
  `fish ${fish.fishId}: ${fish.frameIndex.shape[0]} frames, x from ${fish.centroid3d.data[0]} to ${fish.centroid3d.data.at(-3)} cm`,
)
