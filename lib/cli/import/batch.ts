/** A batch of frames as columns, which is filled again and again. */
import type { FrameColumns } from '../../tracking/types.js'

/** About so many bytes are in a batch. */
const BYTES = 2 ** 22
const MOST_FRAMES = 1000

export class Batch {
  /** Number of frames that are filled. */
  frames = 0
  /** Number of boxes whose fractions were truncated. */
  truncated = 0
  /** Number of frames that fit. */
  readonly capacity: number
  readonly fishId: Int32Array
  readonly centroid3d: Float32Array
  readonly confidence: Float32Array
  readonly reprojectionResidual: Float32Array
  readonly nCameras: Int32Array
  readonly isConfirmed: Uint8Array
  /** By camera; null for a camera without detections or boxes. */
  readonly detections: readonly (Int32Array | null)[]
  readonly boxes: readonly (Int32Array | null)[]
  readonly #frameIndex: BigInt64Array
  readonly #cameras: readonly BatchCamera[]
  readonly #maxFish: number

  constructor(cameras: readonly BatchCamera[], maxFish: number) {
    const bytes = maxFish * (29 + 20 * cameras.length)
    this.capacity = Math.min(MOST_FRAMES, Math.max(1, Math.floor(BYTES / bytes)))
    this.#maxFish = maxFish
    this.#cameras = cameras
    const cells = this.capacity * maxFish
    this.#frameIndex = new BigInt64Array(this.capacity)
    this.fishId = new Int32Array(cells)
    this.centroid3d = new Float32Array(3 * cells)
    this.confidence = new Float32Array(cells)
    this.reprojectionResidual = new Float32Array(cells)
    this.nCameras = new Int32Array(cells)
    this.isConfirmed = new Uint8Array(cells)
    this.detections = cameras.map(({ detection }) => (detection < 0 ? null : new Int32Array(cells)))
    this.boxes = cameras.map(({ box }) => box && new Int32Array(4 * cells))
    this.#blank(this.capacity)
  }

  /** Adds a frame without fish. Returns its place. */
  add(index: number): number {
    this.#frameIndex[this.frames] = BigInt(index)
    return this.frames++
  }

  /** The frames that are filled. */
  columns(): FrameColumns {
    const cells = this.frames * this.#maxFish
    const byCamera = (columns: readonly (Int32Array | null)[], end: number) =>
      Object.fromEntries(
        columns.flatMap((column, i) => (column ? [[this.#cameras[i]!.name, column.subarray(0, end)]] : [])),
      )
    return {
      frameIndex: this.#frameIndex.subarray(0, this.frames),
      fishId: this.fishId.subarray(0, cells),
      centroid3d: this.centroid3d.subarray(0, 3 * cells),
      confidence: this.confidence.subarray(0, cells),
      reprojectionResidual: this.reprojectionResidual.subarray(0, cells),
      nCameras: this.nCameras.subarray(0, cells),
      isConfirmed: this.isConfirmed.subarray(0, cells),
      cameraAssignments: byCamera(this.detections, cells),
      bboxes: byCamera(this.boxes, 4 * cells),
    }
  }

  clear(): void {
    this.#blank(this.frames)
    this.frames = 0
    this.truncated = 0
  }

  #blank(frames: number): void {
    const cells = frames * this.#maxFish
    for (const column of [this.fishId, this.confidence, this.reprojectionResidual, ...this.detections])
      column?.fill(-1, 0, cells)
    for (const column of this.boxes) column?.fill(-1, 0, 4 * cells)
    this.centroid3d.fill(Number.NaN, 0, 3 * cells)
    this.nCameras.fill(0, 0, cells)
    this.isConfirmed.fill(0, 0, cells)
  }
}

/** A camera, and whether the file has its detections and boxes. */
export interface BatchCamera {
  name: string
  detection: number
  box: readonly number[] | null
}
