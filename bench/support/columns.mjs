// Frames in the file's own layout, filled by a plain loop without checks: the input of writeFrames and of the floor, and the
// filling code of the h5wasm peer, which therefore does a little less work than ours.
export class Columns {
  /** `n` frames, `S` slots, cameras by name. */
  constructor(cameraNames, fish, n) {
    this.cameraNames = cameraNames
    this.fish = fish
    this.frameIndex = new BigInt64Array(n)
    this.fishId = new Int32Array(n * fish)
    this.centroid3d = new Float32Array(n * fish * 3)
    this.confidence = new Float32Array(n * fish)
    this.reprojectionResidual = new Float32Array(n * fish)
    this.nCameras = new Int32Array(n * fish)
    this.isConfirmed = new Uint8Array(n * fish)
    this.cameraAssignments = Object.fromEntries(cameraNames.map((name) => [name, new Int32Array(n * fish)]))
    this.bboxes = Object.fromEntries(cameraNames.map((name) => [name, new Int32Array(n * fish * 4)]))
    this.clear()
  }

  clear() {
    this.fishId.fill(-1)
    this.centroid3d.fill(Number.NaN)
    this.confidence.fill(-1)
    this.reprojectionResidual.fill(-1)
    this.nCameras.fill(0)
    this.isConfirmed.fill(0)
    for (const name of this.cameraNames) {
      this.cameraAssignments[name].fill(-1)
      this.bboxes[name].fill(-1)
    }
  }

  /** Stores one frame in a row of fill values. The rig's fish have ascending ids, from slot 0. */
  fill(row, frameIndex, tracks) {
    this.frameIndex[row] = BigInt(frameIndex)
    let slot = row * this.fish
    for (const track of tracks) {
      this.fishId[slot] = track.fishId
      if (track.centroid3d !== null) {
        for (let axis = 0; axis < 3; axis++) this.centroid3d[3 * slot + axis] = track.centroid3d[axis]
      }
      this.confidence[slot] = track.confidence
      this.reprojectionResidual[slot] = track.reprojectionResidual
      this.nCameras[slot] = track.nCameras
      this.isConfirmed[slot] = track.isConfirmed ? 1 : 0
      for (const name in track.cameraDetections) this.cameraAssignments[name][slot] = track.cameraDetections[name]
      for (const name in track.bboxes) {
        const box = track.bboxes[name]
        const column = this.bboxes[name]
        for (let i = 0; i < 4; i++) column[4 * slot + i] = box[i]
      }
      slot++
    }
  }

  /** Numbers the frames from `first` on, as 32-bit halves of int64, low half first, to avoid the cost of BigInts. */
  number(first) {
    const halves = new Int32Array(this.frameIndex.buffer)
    for (let row = 0; row < this.frameIndex.length; row++) halves[2 * row] = first + row
  }

  /** The argument of TrackingWriter.writeFrames. */
  batch() {
    const { cameraNames: _names, fish: _fish, ...fields } = this
    return fields
  }

  /** Every dataset under /tracking: its path, the shape of one row and the values. */
  datasets() {
    const perFish = [this.fish]
    return [
      { path: 'frame_index', row: [], data: this.frameIndex },
      { path: 'fish_id', row: perFish, data: this.fishId },
      { path: 'centroid_3d', row: [this.fish, 3], data: this.centroid3d },
      { path: 'confidence', row: perFish, data: this.confidence },
      { path: 'reprojection_residual', row: perFish, data: this.reprojectionResidual },
      { path: 'n_cameras', row: perFish, data: this.nCameras },
      { path: 'is_confirmed', row: perFish, data: this.isConfirmed },
      ...this.cameraNames.flatMap((name) => [
        { path: `camera_assignments/${name}`, row: perFish, data: this.cameraAssignments[name] },
        { path: `bboxes/${name}`, row: [this.fish, 4], data: this.bboxes[name] },
      ]),
    ]
  }
}
