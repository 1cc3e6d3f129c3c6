/** Recordings as AquaPose's tracking files: animals as points in space, with detections and integer boxes in cameras. */
import { H5TracksError } from '../../base/errors.js'
import { isTracking, trackingLayout } from '../../layouts/tracking.js'
import { arrayIn } from '../core/arrays.js'
import { BatchBuilder } from '../core/batches.js'
import type { Batch, BatchArray, Recording } from '../core/format.js'
import { Losses } from '../core/losses.js'
import { fieldOf, withSlots } from '../core/recordings.js'
import type { Report } from '../core/report.js'

const int32Max = 2 ** 31 - 1

/** The fields of a recording that stand for those of a tracking file. */
interface Sources {
  readonly position: readonly string[]
  readonly confidence: string | undefined
  readonly residual: string | undefined
  readonly nCameras: string | undefined
  readonly confirmed: string | undefined
  readonly boxes: string | undefined
  readonly detections: string | undefined
}

function sourcesOf(recording: Recording): Sources {
  const has = (...names: string[]) => names.find((name) => fieldOf(recording, name) !== undefined)
  const spatial = ['x', 'y', 'z'].every((name) => fieldOf(recording, name)?.shape.length === 0)
  const perCamera = (...names: string[]) => names.find((name) => fieldOf(recording, name)?.perCamera)
  return {
    position: has('centroid3d') ? ['centroid3d'] : spatial ? ['x', 'y', 'z'] : [],
    confidence: has('confidence'),
    residual: has('reprojectionResidual', 'residual'),
    nCameras: has('nCameras', 'n_cameras'),
    confirmed: has('isConfirmed', 'confirmed'),
    boxes: perCamera('bboxes', 'cameraBox'),
    detections: perCamera('cameraAssignments', 'cameraDetection'),
  }
}

/** True if a tracking file holds everything that a recording has but fractions of boxes. */
export function fitsTracking(recording: Recording): boolean {
  const { position, ...others } = sourcesOf(recording)
  const { layout } = recording
  const known = [...position, ...Object.values(others), layout.index.name, layout.key?.name]
  return position.length > 0 && layout.fields.every(({ name }) => known.includes(name))
}

/** The recording with the layout of tracking files. What that cannot hold is reported. Throws ERR_UNSUPPORTED without positions in space. */
export function asTracking(recording: Recording, path: string, report: Report): Recording {
  if (isTracking(recording.layout)) return recording
  const sources = sourcesOf(recording)
  if (sources.position.length === 0 && sources.boxes === undefined) {
    const message = `${path} cannot be written as a tracking file: ${recording.layout.root} has neither positions in space nor boxes of cameras`
    throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED', path })
  }
  const layout = withSlots(trackingLayout, recording.layout.slots)
  return {
    ...recording,
    layout,
    async *batches() {
      const maker = new TrackMaker(recording, sources, new BatchBuilder(layout, recording.cameras), report)
      for await (const batch of recording.batches()) yield* maker.convert(batch)
      maker.report()
    },
  }
}

class TrackMaker {
  readonly #recording: Recording
  readonly #sources: Sources
  readonly #builder: BatchBuilder
  readonly #losses: Losses
  readonly #report: Report
  #truncated = 0
  #partial = 0
  #guessed = 0

  constructor(recording: Recording, sources: Sources, builder: BatchBuilder, report: Report) {
    this.#recording = recording
    this.#sources = sources
    this.#builder = builder
    this.#report = report
    const { position, ...others } = sources
    this.#losses = new Losses(recording, [...position, ...Object.values(others).map(String)])
  }

  *convert(batch: Batch): Generator<Batch> {
    this.#losses.add(batch)
    const { layout } = this.#recording
    const index = arrayIn(batch, layout.index.name) as BigInt64Array
    const keys = arrayIn(batch, layout.key?.name ?? '') as Int32Array | undefined
    for (let frame = 0; frame < index.length; frame++) {
      const row = this.#builder.row(index[frame] as bigint)
      for (let slot = 0; slot < layout.slots; slot++) {
        const from = frame * layout.slots + slot
        const key = keys ? (keys[from] as number) : 0
        if (key !== -1) this.#record(batch, from, this.#builder.cell(row, slot), key)
      }
      if (this.#builder.isFull) yield this.#builder.take()
    }
    if (this.#builder.rows > 0) yield this.#builder.take()
  }

  report(): void {
    this.#report.lost(
      'fractions of boxes',
      this.#truncated,
      'boxes of tracking files are integers: they were truncated',
    )
    this.#report.lost('positions with only some coordinates', this.#partial, 'a position is known or not')
    if (this.#guessed > 0)
      this.#report.guessed('confirmation', `animals in 2 or more cameras (${this.#guessed} records)`)
    this.#losses.report(this.#report, 'tracking files have no place for them', Object.keys(this.#recording.metadata))
  }

  #record(batch: Batch, from: number, to: number, key: number): void {
    const { confidence, residual, nCameras, confirmed } = this.#sources
    const put = (name: string, value: number, camera?: string) => {
      ;(this.#builder.column(name, camera) as Float32Array)[to] = value
    }
    put('fishId', key)
    this.#position(batch, from, to)
    put('confidence', orMinusOne(batch, confidence, from))
    put('reprojectionResidual', orMinusOne(batch, residual, from))
    let seen = 0
    for (const camera of this.#recording.cameras) {
      const detection = this.#detection(batch, from, camera)
      if (detection !== -1) put('cameraAssignments', detection, camera)
      const boxed = this.#box(batch, from, to, camera)
      if (this.#sources.detections === undefined ? boxed : detection !== -1) seen++
    }
    const count = orMinusOne(batch, nCameras, from)
    const cameras = Number.isInteger(count) && count >= 0 && count <= int32Max ? count : seen
    put('nCameras', cameras)
    const given = orMinusOne(batch, confirmed, from)
    if (given === -1) this.#guessed++
    put('isConfirmed', given === -1 ? Number(cameras >= 2) : given)
  }

  #position(batch: Batch, from: number, to: number): void {
    const { position } = this.#sources
    if (position.length === 0) return
    const column = this.#builder.column('centroid3d') as Float32Array
    let known = 0
    for (let axis = 0; axis < 3; axis++) {
      const [array, at] =
        position.length === 3
          ? [arrayIn(batch, position[axis] as string), from]
          : [arrayIn(batch, position[0] as string), 3 * from + axis]
      const value = Number((array as Float32Array)[at])
      column[3 * to + axis] = value
      if (Number.isFinite(value)) known++
    }
    if (known === 3) return
    if (known > 0) this.#partial++
    column.fill(Number.NaN, 3 * to, 3 * to + 3)
  }

  #detection(batch: Batch, from: number, camera: string): number {
    const { detections } = this.#sources
    return detections === undefined ? -1 : orNone(arrayIn(batch, detections, camera), from)
  }

  #box(batch: Batch, from: number, to: number, camera: string): boolean {
    const { boxes } = this.#sources
    const sides = boxes === undefined ? undefined : (arrayIn(batch, boxes, camera) as Float32Array | undefined)
    if (sides === undefined || Number.isNaN(sides[4 * from])) return false
    const column = this.#builder.column('bboxes', camera) as Int32Array
    let fraction = false
    for (let side = 0; side < 4; side++) {
      const value = sides[4 * from + side] as number
      column[4 * to + side] = value
      if (column[4 * to + side] !== value) fraction = true
    }
    if (fraction) this.#truncated++
    return true
  }
}

const orNone = (array: BatchArray | undefined, at: number): number => {
  const value = array === undefined ? Number.NaN : Number(array[at])
  return Number.isNaN(value) ? -1 : value
}

const orMinusOne = (batch: Batch, name: string | undefined, at: number): number =>
  name === undefined ? -1 : orNone(arrayIn(batch, name), at)
