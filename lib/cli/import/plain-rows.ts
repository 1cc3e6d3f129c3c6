/** The plain rows of one frame as numbers: checked, held until the frame is complete, and stored in a batch of columns. */
import type { TrackRecord } from '../../base/track-record.js'
import type { Batch } from './batch.js'
import type { Columns } from './columns.js'
import type { RowReader } from './rows.js'

const INT32_LIMIT = 2 ** 31
/** From here on, a number would become infinite as float32. */
const FLOAT32_LIMIT = (2 - 2 ** -24) * 2 ** 127

export class PlainRows {
  /** Number of rows held. */
  count = 0
  /** Number of slots of a frame. */
  maxFish = 0
  readonly #columns: Columns
  readonly #reader: RowReader
  readonly #refuseFractions: boolean
  /** By camera: the column of its detections and that of the first side of its box. -1 for none. */
  readonly #detections: Int32Array
  readonly #boxes: readonly (Int32Array | null)[]
  /** Numbers of a row: those of its columns, the number of its cameras, and 1 if the fish is confirmed. */
  readonly #width: number
  #values: Float64Array
  /** Of the row that was checked last: the number of its cameras, and its confirmation, which is NaN if the row does not say. */
  #nCameras = 0
  #confirmed = 0

  /** @param width number of columns of a row */
  constructor(columns: Columns, width: number, reader: RowReader, refuseFractions: boolean) {
    this.#columns = columns
    this.#reader = reader
    this.#refuseFractions = refuseFractions
    this.#detections = Int32Array.from(columns.cameras, ({ detection }) => detection)
    this.#boxes = columns.cameras.map(({ box }) => box && Int32Array.from(box))
    this.#width = width + 2
    this.#values = new Float64Array(this.#width)
  }

  /** True if the writer will accept the row. `RowReader` and the writer say what is wrong with another row, by the same rules. */
  check(values: Float64Array): boolean {
    const { frame, fish, position, confidence, residual, nCameras, confirmed } = this.#columns
    const [x, y, z] = [values[position[0]]!, values[position[1]]!, values[position[2]]!]
    const known = !(Number.isNaN(x) && Number.isNaN(y) && Number.isNaN(z))
    if (!(Number.isSafeInteger(values[frame]) && isInt32(values[fish]!, 0))) return false
    if (known && !(isFloat32(x) && isFloat32(y) && isFloat32(z))) return false
    if (confidence >= 0 && Math.abs(values[confidence]!) >= FLOAT32_LIMIT) return false
    if (residual >= 0 && Math.abs(values[residual]!) >= FLOAT32_LIMIT) return false
    const seen = this.#checkCameras(values)
    if (seen < 0) return false
    const given = nCameras < 0 ? Number.NaN : values[nCameras]!
    this.#nCameras = Number.isNaN(given) ? seen : given
    if (!isInt32(this.#nCameras, 0)) return false
    this.#confirmed = confirmed < 0 ? Number.NaN : values[confirmed]!
    return this.#confirmed === 0 || this.#confirmed === 1 || Number.isNaN(this.#confirmed)
  }

  /** The number of cameras that see the fish; -1 for a value that the writer will not accept. */
  #checkCameras(values: Float64Array): number {
    let seen = 0
    for (let camera = 0; camera < this.#boxes.length; camera++) {
      const column = this.#detections[camera]!
      const detection = column < 0 ? Number.NaN : values[column]!
      const detected = !Number.isNaN(detection)
      if (detected && !isInt32(detection, -1)) return -1
      const box = this.#boxes[camera]
      const sides = box ? this.#checkBox(values, box) : 0
      if (sides < 0) return -1
      if (column < 0 ? sides > 0 : detected && detection !== -1) seen++
    }
    return seen
  }

  /** The number of sides that are known, 0 or 4; -1 for a box that the writer will not accept. */
  #checkBox(values: Float64Array, box: Int32Array): number {
    let sides = 0
    for (let side = 0; side < 4; side++) {
      const value = values[box[side]!]!
      if (Number.isNaN(value)) continue
      if (!(value > -INT32_LIMIT - 1 && value < INT32_LIMIT)) return -1
      if (this.#refuseFractions && (value | 0) !== value) return -1
      sides++
    }
    return sides === 0 || sides === 4 ? sides : -1
  }

  /** Adds the row that was checked last. False if the frame has as many fish as the file has slots. */
  add(values: Float64Array): boolean {
    if (this.count === this.maxFish) return false
    const at = this.count * this.#width
    if (at === this.#values.length) {
      const larger = new Float64Array(2 * at)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values.set(values, at)
    this.#values[at + this.#width - 2] = this.#nCameras
    this.#values[at + this.#width - 1] = this.#confirmation()
    this.count++
    return true
  }

  #confirmation(): number {
    return Number.isNaN(this.#confirmed) ? Number(this.#reader.guess(this.#nCameras)) : this.#confirmed
  }

  /** The rows in the order of the slots, by ascending id; undefined if a fish occurs twice. */
  order(): readonly number[] | undefined {
    const fish = (row: number) => this.#values[row * this.#width + this.#columns.fish]!
    const rows = Array.from({ length: this.count }, (_, row) => row)
    const ascends = () => rows.every((row, i) => i === 0 || fish(rows[i - 1]!) < fish(row))
    if (ascends()) return rows
    rows.sort((a, b) => fish(a) - fish(b))
    return ascends() ? rows : undefined
  }

  /** Stores the rows in a frame of a batch. */
  store(batch: Batch, frame: number, order: readonly number[]): void {
    const { fish, position, confidence, residual } = this.#columns
    const values = this.#values
    for (let slot = 0; slot < order.length; slot++) {
      const at = order[slot]! * this.#width
      const cell = frame * this.maxFish + slot
      batch.fishId[cell] = values[at + fish]!
      for (let axis = 0; axis < 3; axis++) batch.centroid3d[3 * cell + axis] = values[at + position[axis]!]!
      batch.confidence[cell] = orNone(values, at, confidence)
      batch.reprojectionResidual[cell] = orNone(values, at, residual)
      batch.nCameras[cell] = values[at + this.#width - 2]!
      batch.isConfirmed[cell] = values[at + this.#width - 1]!
      for (let camera = 0; camera < this.#boxes.length; camera++) {
        const detections = batch.detections[camera]
        if (detections) detections[cell] = orNone(values, at, this.#detections[camera]!)
        const box = this.#boxes[camera]
        if (box) this.#storeBox(batch, batch.boxes[camera]!, 4 * cell, at, box)
      }
    }
  }

  #storeBox(batch: Batch, boxes: Int32Array, cell: number, at: number, box: Int32Array): void {
    const values = this.#values
    const left = values[at + box[0]!]!
    // A box that is not known stays blank.
    if (Number.isNaN(left)) return
    const [top, width, height] = [values[at + box[1]!]!, values[at + box[2]!]!, values[at + box[3]!]!]
    boxes[cell] = left
    boxes[cell + 1] = top
    boxes[cell + 2] = width
    boxes[cell + 3] = height
    if ((left | 0) !== left || (top | 0) !== top || (width | 0) !== width || (height | 0) !== height) batch.truncated++
  }

  /** The row that was checked last, as the record that `RowReader` makes of it. */
  record(values: Float64Array): TrackRecord {
    return this.#record(values, 0, this.#nCameras, this.#confirmation())
  }

  /** The rows that are held, as records. */
  *records(): Generator<TrackRecord> {
    for (let row = 0; row < this.count; row++) {
      const at = row * this.#width
      const end = at + this.#width
      yield this.#record(this.#values, at, this.#values[end - 2]!, this.#values[end - 1]!)
    }
  }

  #record(values: Float64Array, at: number, nCameras: number, confirmed: number): TrackRecord {
    const { fish, position, confidence, residual, cameras } = this.#columns
    const cameraDetections: Record<string, number> = Object.create(null)
    const bboxes: Record<string, number[]> = Object.create(null)
    for (const { name, detection, box } of cameras) {
      const index = orNone(values, at, detection)
      if (index !== -1) cameraDetections[name] = index
      const sides = box?.map((column) => values[at + column]!)
      if (sides && !sides.some(Number.isNaN)) bboxes[name] = sides
    }
    const centroid3d = position.map((column) => values[at + column]!)
    return {
      fishId: values[at + fish]!,
      centroid3d: centroid3d.some(Number.isNaN) ? null : centroid3d,
      confidence: orNone(values, at, confidence),
      reprojectionResidual: orNone(values, at, residual),
      nCameras,
      isConfirmed: confirmed === 1,
      cameraDetections,
      bboxes,
    }
  }
}

function isInt32(value: number, least: number): boolean {
  return (value | 0) === value && value >= least
}

function isFloat32(value: number): boolean {
  return value < FLOAT32_LIMIT && value > -FLOAT32_LIMIT
}

/** The number of a column; -1 if there is none. */
function orNone(values: Float64Array, at: number, column: number): number {
  const value = column < 0 ? Number.NaN : values[at + column]!
  return Number.isNaN(value) ? -1 : value
}
