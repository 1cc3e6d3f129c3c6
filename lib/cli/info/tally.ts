/** Counts fish, records, detections and boxes over a file. */
import type { TrackingWindow } from '../../tracking/types.js'

/** The counts of a file, added up window by window. */
export class Tally {
  static readonly fields = ['frameIndex', 'fishId', 'centroid3d', 'isConfirmed', 'cameraAssignments', 'bboxes'] as const

  first: bigint | null = null
  last: bigint | null = null
  /** True if each frame number was greater than the one before. */
  increasing = true
  framesWithoutFish = 0
  mostInAFrame = 0
  records = 0
  withPosition = 0
  confirmed = 0
  readonly ids = new Set<number>()
  readonly cameras: { name: string; detections: number; boxes: number; frames: number }[]
  readonly #slots: number

  constructor(cameraNames: readonly string[], slots: number) {
    this.cameras = cameraNames.map((name) => ({ name, detections: 0, boxes: 0, frames: 0 }))
    this.#slots = slots
  }

  add(window: TrackingWindow<(typeof Tally.fields)[number]>): void {
    for (const frame of window.frameIndex.data) {
      this.first ??= frame
      if (this.last !== null && frame <= this.last) this.increasing = false
      this.last = frame
    }
    this.#addFish(window)
    for (const camera of this.cameras) {
      const assignments = window.cameraAssignments[camera.name]!.data
      for (let row = 0; row < assignments.length; row += this.#slots) {
        let detections = 0
        for (let slot = 0; slot < this.#slots; slot++) if (assignments[row + slot]! >= 0) detections++
        camera.detections += detections
        if (detections > 0) camera.frames++
      }
      const boxes = window.bboxes[camera.name]!.data
      for (let k = 0; k < boxes.length; k += 4) {
        const absent = boxes[k] === -1 && boxes[k + 1] === -1 && boxes[k + 2] === -1 && boxes[k + 3] === -1
        if (!absent) camera.boxes++
      }
    }
  }

  #addFish({ fishId, centroid3d, isConfirmed }: Pick<TrackingWindow, 'fishId' | 'centroid3d' | 'isConfirmed'>): void {
    const [ids, centroids] = [fishId.data, centroid3d.data]
    for (let row = 0; row < ids.length; row += this.#slots) {
      let present = 0
      for (let k = row; k < row + this.#slots; k++) {
        if (ids[k]! < 0) continue
        present++
        this.ids.add(ids[k]!)
        if (isConfirmed.data[k] !== 0) this.confirmed++
        // An unknown position is three NaN; one number makes it a position.
        const [x, y, z] = [centroids[3 * k]!, centroids[3 * k + 1]!, centroids[3 * k + 2]!]
        if (!(Number.isNaN(x) && Number.isNaN(y) && Number.isNaN(z))) this.withPosition++
      }
      this.records += present
      if (present === 0) this.framesWithoutFish++
      if (present > this.mostInAFrame) this.mostInAFrame = present
    }
  }
}
