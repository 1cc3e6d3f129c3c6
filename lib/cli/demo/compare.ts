/** Compares a frame that was read with the simulated one. */
import type { TrackRecord } from '../../base/track-record.js'
import type { RigFrame } from '../../simulate/rig.js'
import type { Frame } from '../../tracking/types.js'

/** Describes the first difference between the simulated frame and the frame that was read; null if they are equal. */
export function difference(written: RigFrame, read: Frame): string | null {
  if (written.frameIndex !== read.frameIndex) return `frame ${written.frameIndex} came back as ${read.frameIndex}`
  const at = `frame ${written.frameIndex}`
  if (written.tracks.length !== read.tracks.length) {
    return `${at} has ${read.tracks.length} fish, not ${written.tracks.length}`
  }
  for (const [i, track] of written.tracks.entries()) {
    const wrong = differentField(stored(track), stored(read.tracks[i]!))
    if (wrong !== null) return `${at}, fish ${track.fishId}: ${wrong}`
  }
  return null
}

/** A record as a file stores it: with float32 numbers and integer boxes. */
function stored(track: TrackRecord): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    fishId: track.fishId,
    centroid3d: track.centroid3d && Array.from(track.centroid3d, Math.fround),
    confidence: Math.fround(track.confidence),
    reprojectionResidual: Math.fround(track.reprojectionResidual),
    nCameras: track.nCameras,
    isConfirmed: track.isConfirmed,
  }
  for (const [camera, detection] of Object.entries(track.cameraDetections)) fields[`detection of ${camera}`] = detection
  for (const [camera, box] of Object.entries(track.bboxes as Record<string, ArrayLike<number>>)) {
    // + 0 turns -0, which truncating -0.5 gives, into the 0 that an integer column stores.
    fields[`box of ${camera}`] = Array.from(box, (value) => Math.trunc(value) + 0)
  }
  return fields
}

function differentField(written: Record<string, unknown>, read: Record<string, unknown>): string | null {
  for (const name of new Set([...Object.keys(written), ...Object.keys(read)])) {
    const [before, after] = [JSON.stringify(written[name]), JSON.stringify(read[name])]
    if (before !== after) return `${name} is ${after ?? 'absent'}, not ${before ?? 'absent'}`
  }
  return null
}
