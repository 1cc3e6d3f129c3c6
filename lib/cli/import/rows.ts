/** Turns a row of CSV into a track record. */
import type { TrackRecord } from '../../base/track-record.js'
import { type FrameNumber, NumberReader, truthOf } from '../../formats/csv/numbers.js'
import type { Columns } from './columns.js'

/** A cell that is not valid in its column. */
export class BadCell extends Error {
  /** The index of the column. */
  readonly column: number

  constructor(column: number, what: string) {
    super(what)
    this.column = column
  }
}

export interface RowOptions {
  /** True if a comma may be the decimal mark. */
  commas: boolean
  /** Number of cameras that confirm a fish, used if the row does not say whether the fish is confirmed. */
  confirmedBy: number
}

export class RowReader {
  /** Number of fish whose isConfirmed was derived from the number of their cameras. */
  guessed = 0
  readonly numbers: NumberReader
  readonly #columns: Columns
  readonly #confirmedBy: number

  constructor(columns: Columns, { commas, confirmedBy }: RowOptions) {
    this.#columns = columns
    this.numbers = new NumberReader(commas)
    this.#confirmedBy = confirmedBy
  }

  /** @throws BadCell */
  frame(cells: readonly string[]): FrameNumber {
    const text = cells[this.#columns.frame] ?? ''
    const frame = this.numbers.readFrame(text)
    if (frame === null) throw new BadCell(this.#columns.frame, `${JSON.stringify(text)} is not an integer`)
    return frame
  }

  /** @throws BadCell */
  track(cells: readonly string[]): TrackRecord {
    const columns = this.#columns
    const fishId = this.#number(cells, columns.fish)
    if (fishId === null) throw new BadCell(columns.fish, 'is empty')
    const cameraDetections: Record<string, number> = Object.create(null)
    const bboxes: Record<string, number[]> = Object.create(null)
    let detections = 0
    for (const camera of columns.cameras) {
      const detection = this.#number(cells, camera.detection)
      const box = camera.box && this.#tuple(cells, camera.box)
      if (detection !== null && detection !== -1) cameraDetections[camera.name] = detection
      if (box !== null) bboxes[camera.name] = box
      if (camera.detection < 0 ? box !== null : camera.name in cameraDetections) detections++
    }
    const nCameras = this.#number(cells, columns.nCameras) ?? detections
    const confirmed = this.#boolean(cells, columns.confirmed)
    return {
      fishId,
      centroid3d: this.#tuple(cells, columns.position),
      confidence: this.#number(cells, columns.confidence) ?? -1,
      reprojectionResidual: this.#number(cells, columns.residual) ?? -1,
      nCameras,
      isConfirmed: confirmed ?? this.guess(nCameras),
      cameraDetections,
      bboxes,
    }
  }

  /** Derives from the number of its cameras whether a fish is confirmed, and counts it. */
  guess(nCameras: number): boolean {
    this.guessed++
    return nCameras >= this.#confirmedBy
  }

  /** null if there is no such column or the cell is empty. */
  #number(cells: readonly string[], column: number): number | null {
    if (column < 0) return null
    const value = this.numbers.read(cells[column]!)
    if (typeof value === 'string') throw new BadCell(column, value)
    return value
  }

  /** All the numbers; null if all cells are empty. Throws BadCell if only some are. */
  #tuple(cells: readonly string[], columns: readonly number[]): number[] | null {
    const values: number[] = []
    let empty = -1
    for (const column of columns) {
      const value = this.#number(cells, column)
      if (value === null) empty = column
      else values.push(value)
    }
    if (empty < 0) return values
    if (values.length === 0) return null
    throw new BadCell(empty, 'is empty, but the columns that belong to it are not')
  }

  #boolean(cells: readonly string[], column: number): boolean | null {
    if (column < 0) return null
    const text = cells[column]!
    const truth = truthOf(text)
    if (truth !== undefined) return truth
    const value = this.numbers.read(text)
    if (value === null) return null
    if (value === 0 || value === 1) return value === 1
    throw new BadCell(column, `${JSON.stringify(text)} is not true, false, 1 or 0`)
  }
}
