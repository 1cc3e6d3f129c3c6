/** A row of CSV as a track record. */
import type { TrackRecord } from '../../index.js'
import type { Columns } from './columns.js'
import { type FrameNumber, frameNumber } from './sink.js'

/** A cell that is not what its column needs. */
export class BadCell extends Error {
  /** Index of the column. */
  readonly column: number

  constructor(column: number, what: string) {
    super(what)
    this.column = column
  }
}

/** What spreadsheets, pandas and R write where there is no value. */
const EMPTY = new Set(['', 'nan', 'na'])

export class RowReader {
  readonly #columns: Columns

  constructor(columns: Columns) {
    this.#columns = columns
  }

  /** @throws BadCell */
  frame(cells: readonly string[]): FrameNumber {
    const text = cells[this.#columns.frame] ?? ''
    const frame = frameNumber(text)
    if (frame === null) throw new BadCell(this.#columns.frame, `${JSON.stringify(text)} is not an integer`)
    return frame
  }

  /** @throws BadCell */
  track(cells: readonly string[]): TrackRecord {
    const columns = this.#columns
    const fishId = number(cells, columns.fish)
    if (fishId === null) throw new BadCell(columns.fish, 'is empty')
    const cameraDetections: Record<string, number> = Object.create(null)
    const bboxes: Record<string, number[]> = Object.create(null)
    let detections = 0
    for (const camera of columns.cameras) {
      const detection = number(cells, camera.detection)
      const box = camera.box && tuple(cells, camera.box)
      if (detection !== null && detection !== -1) cameraDetections[camera.name] = detection
      if (box !== null) bboxes[camera.name] = box
      if (camera.detection < 0 ? box !== null : camera.name in cameraDetections) detections++
    }
    const nCameras = columns.nCameras < 0 ? detections : number(cells, columns.nCameras)
    if (nCameras === null) throw new BadCell(columns.nCameras, 'is empty')
    return {
      fishId,
      centroid3d: tuple(cells, columns.position),
      confidence: number(cells, columns.confidence) ?? -1,
      reprojectionResidual: number(cells, columns.residual) ?? -1,
      nCameras,
      isConfirmed: boolean(cells, columns.confirmed) ?? nCameras >= 2,
      cameraDetections,
      bboxes,
    }
  }
}

/** null: no such column, or nothing in the cell. */
function number(cells: readonly string[], column: number): number | null {
  if (column < 0) return null
  const text = cells[column]!
  const value = Number(text)
  // Number('') is 0, and Number('  ') too.
  if (value === 0 ? text.trim() !== '' : Number.isFinite(value)) return value
  if (EMPTY.has(text.trim().toLowerCase())) return null
  throw new BadCell(column, `${JSON.stringify(text)} is not a number`)
}

/** All the numbers or none of them. */
function tuple(cells: readonly string[], columns: readonly number[]): number[] | null {
  const values: number[] = []
  let empty = -1
  for (const column of columns) {
    const value = number(cells, column)
    if (value === null) empty = column
    else values.push(value)
  }
  if (empty < 0) return values
  if (values.length === 0) return null
  throw new BadCell(empty, 'is empty, but the columns that belong to it are not')
}

function boolean(cells: readonly string[], column: number): boolean | null {
  if (column < 0) return null
  const text = cells[column]!.trim().toLowerCase()
  if (text === '1' || text === 'true') return true
  if (text === '0' || text === 'false') return false
  if (EMPTY.has(text)) return null
  throw new BadCell(column, `${JSON.stringify(cells[column])} is not true, false, 1 or 0`)
}
