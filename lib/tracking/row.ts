/** Checks the records of a frame and fills a row of a block with them. */
import { type H5TracksError, show } from '../base/errors.js'
import { FrameLocation } from '../base/frame-location.js'
import type { TrackRecord } from '../base/track-record.js'
import type { Block, BlockLayout, RowFiller } from '../frames/write/blocks/block.js'
import { CameraFinder } from '../frames/write/records/camera-finder.js'
import { SortedRecords } from '../frames/write/records/sorted-records.js'

// Halfway between the largest float32 and 2^128: a finite number from here on would become infinite as float32.
const float32Limit = (2 - 2 ** -24) * 2 ** 127
const int32Limit = 2 ** 31

// Small enough to be always inlined: V8 allocates a number that is passed to a function on the heap.
function fitsFloat32(value: unknown): value is number {
  return typeof value === 'number' && ((value < float32Limit && value > -float32Limit) || !Number.isFinite(value))
}

// True if the number, truncated toward zero, fits int32. Always inlined, too.
function fitsInt32(value: unknown): value is number {
  return typeof value === 'number' && value > -int32Limit - 1 && value < int32Limit
}

// Within for…in, V8 compiles this call away, but not Object.hasOwn.
const isOwn = Object.prototype.hasOwnProperty

// V8 keeps an object with more keys, added one by one, as a dictionary.
const mostKeysInOrder = 16

function hasKeys(record: unknown): record is Readonly<Record<string, unknown>> {
  return typeof record === 'object' && record !== null && !Array.isArray(record) && !(record instanceof Map)
}

/** The options of a writer that apply to records. */
export interface RowRules {
  maxFish: number
  cameraNames: readonly string[]
  dropExcessFish: boolean
  ignoreUnknownCameras: boolean
  refuseFractionalBoxes: boolean
}

type PerCamera = Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>

/**
 * Fills a row of a block from the records of one frame and checks every value. A refused frame leaves the row blank. In the steady
 * state this allocates no memory and calls no native code: temporary values are kept in fields that are used again. The keys of
 * records are enumerated with for…in (up to 16 cameras), because a lookup per camera in objects of many shapes is several times slower.
 */
export class TrackFiller implements RowFiller<Iterable<TrackRecord>, undefined> {
  /** Number of fish that were dropped because a frame had more than `maxFish`. */
  fishDropped = 0
  /** Number of detections and boxes that were ignored because their camera is not one of the file's. */
  detectionsIgnored = 0
  /** Number of boxes whose fractions were truncated. */
  truncated = 0

  readonly #rules: RowRules
  readonly #hasManyCameras: boolean
  readonly #layout: BlockLayout
  readonly #cameras: CameraFinder
  readonly #frameAt: number
  readonly #fishAt: number
  readonly #centroidAt: number
  readonly #confidenceAt: number
  readonly #residualAt: number
  readonly #nCamerasAt: number
  readonly #confirmedAt: number
  readonly #detectionsAt: readonly number[]
  readonly #boxesAt: readonly number[]

  // The current frame and the progress in it.
  readonly #location: FrameLocation = new FrameLocation()
  readonly #sorted = new SortedRecords<TrackRecord>(this.#location)
  #block!: Block
  #cell = 0
  #ignored = 0
  #truncated = 0

  constructor(layout: BlockLayout, rules: RowRules) {
    this.#rules = rules
    this.#hasManyCameras = rules.cameraNames.length > mostKeysInOrder
    this.#layout = layout
    this.#cameras = new CameraFinder(rules.cameraNames)
    this.#frameAt = layout.at('frameIndex')
    this.#fishAt = layout.at('fishId')
    this.#centroidAt = layout.at('centroid3d')
    this.#confidenceAt = layout.at('confidence')
    this.#residualAt = layout.at('reprojectionResidual')
    this.#nCamerasAt = layout.at('nCameras')
    this.#confirmedAt = layout.at('isConfirmed')
    this.#detectionsAt = layout.perCamera('cameraAssignments')
    this.#boxesAt = layout.perCamera('bboxes')
  }

  /** Fills `row` of `block`, which must be blank. The frame index must be greater than `after`. Throws if the frame is refused. */
  fill(
    block: Block,
    row: number,
    frameIndex: number | bigint,
    tracks: Iterable<TrackRecord>,
    _perFrame: undefined,
    after: number | bigint | null,
  ): void {
    const { maxFish, dropExcessFish } = this.#rules
    const location = this.#location
    location.frame = frameIndex
    location.key = -1
    this.#ignored = 0
    this.#truncated = 0
    this.#block = block
    location.checkFrameIndex(after)
    this.#sorted.take(tracks)
    const given = this.#sorted.length
    if (given > maxFish && !dropExcessFish) {
      throw location.refusal('ERR_TOO_MANY_FISH', 'tracks', `must be at most ${maxFish} fish (maxFish)`, given)
    }
    const fish = Math.min(given, maxFish)
    try {
      for (let slot = 0; slot < fish; slot++) {
        location.key = this.#sorted.keys[slot] as number
        this.#cell = row * maxFish + slot
        this.#fillFish(this.#sorted.records[slot] as TrackRecord)
      }
    } catch (error) {
      this.#layout.clearRows(block, row, row + 1)
      throw error
    }
    block.storeFrameIndex(this.#frameAt + row, frameIndex)
    this.fishDropped += given - fish
    this.detectionsIgnored += this.#ignored
    this.truncated += this.#truncated
  }

  #fillFish(track: TrackRecord): void {
    const { i32, f32, u8 } = this.#block
    const cell = this.#cell
    i32[this.#fishAt + cell] = this.#location.key
    const { centroid3d, confidence, reprojectionResidual, nCameras, isConfirmed } = track
    if (centroid3d !== null) {
      if (typeof centroid3d !== 'object' || centroid3d.length !== 3) {
        throw this.#location.refusal('ERR_INVALID_TRACK', 'centroid3d', 'must be three numbers or null', centroid3d)
      }
      const at = this.#centroidAt + 3 * cell
      let known = 0
      for (let i = 0; i < 3; i++) {
        const coordinate: unknown = centroid3d[i]
        if (!fitsFloat32(coordinate)) throw this.#floatRefusal(coordinate, `centroid3d[${i}]`)
        if (Number.isFinite(coordinate)) known++
        f32[at + i] = coordinate
      }
      if (known !== 3) this.#location.checkUnknownPosition(centroid3d, 'centroid3d')
    }
    if (!fitsFloat32(confidence)) throw this.#floatRefusal(confidence, 'confidence')
    f32[this.#confidenceAt + cell] = confidence
    if (!fitsFloat32(reprojectionResidual)) throw this.#floatRefusal(reprojectionResidual, 'reprojectionResidual')
    f32[this.#residualAt + cell] = reprojectionResidual
    this.#location.checkInteger(nCameras, 0, 'nCameras')
    i32[this.#nCamerasAt + cell] = nCameras
    if (typeof isConfirmed !== 'boolean') {
      throw this.#location.refusal('ERR_INVALID_TRACK', 'isConfirmed', 'must be true or false', isConfirmed)
    }
    u8[this.#confirmedAt + cell] = isConfirmed ? 1 : 0
    this.#fillDetections(track.cameraDetections)
    this.#fillBoxes(track.bboxes)
  }

  #floatRefusal(value: unknown, field: string): H5TracksError {
    if (typeof value !== 'number') return this.#location.refusal('ERR_INVALID_TRACK', field, 'must be a number', value)
    return this.#location.refusal('ERR_OUT_OF_RANGE', field, 'must be within float32, or not finite', value)
  }

  #fillDetections(record: PerCamera): void {
    let empty = true
    if (hasKeys(record) && this.#hasManyCameras) empty = this.#fillFromKeys(record, this.#eachDetection)
    else if (hasKeys(record)) {
      for (const camera in record) {
        // for…in also enumerates inherited keys, which do not belong to this fish.
        if (!isOwn.call(record, camera)) continue
        empty = false
        this.#storeDetection(record[camera], camera)
      }
    }
    if (empty) this.#fillFromMap(record, 'cameraDetections', this.#eachDetection)
  }

  // The loop is repeated here: a shared loop would call a function for each camera, which V8 could not inline.
  #fillBoxes(record: PerCamera): void {
    let empty = true
    if (hasKeys(record) && this.#hasManyCameras) empty = this.#fillFromKeys(record, this.#eachBox)
    else if (hasKeys(record)) {
      for (const camera in record) {
        if (!isOwn.call(record, camera)) continue
        empty = false
        this.#storeBox(record[camera], camera)
      }
    }
    if (empty) this.#fillFromMap(record, 'bboxes', this.#eachBox)
  }

  // for…in looks up each key of a dictionary three times. Returns true if there is no key.
  #fillFromKeys(record: Readonly<Record<string, unknown>>, store: (value: unknown, camera: unknown) => void): boolean {
    const cameras = Object.keys(record)
    for (const camera of cameras) store(record[camera], camera)
    return cameras.length === 0
  }

  #fillFromMap(record: PerCamera, field: string, store: (value: unknown, camera: unknown) => void): void {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      throw this.#location.refusal('ERR_INVALID_TRACK', field, 'must be an object or a Map by camera', record)
    }
    // Checked by its method, because the Map may come from another realm.
    if (typeof record.forEach === 'function') (record as ReadonlyMap<string, unknown>).forEach(store)
  }

  // Closures for forEach, which does not pass `this`. The loops above call the methods, which are the same functions for all writers, so
  // that V8 inlines them; with closures it would have to compile the loops again for each writer.
  readonly #eachDetection = (value: unknown, name: unknown): void => this.#storeDetection(value, name)
  readonly #eachBox = (value: unknown, name: unknown): void => this.#storeBox(value, name)

  #storeDetection(value: unknown, name: unknown): void {
    const camera = this.#cameras.find(name)
    if (camera === -1) {
      this.#unknownCamera(name, 'cameraDetections')
      return
    }
    this.#location.checkInteger(value, -1, 'cameraDetections', name as string)
    this.#block.i32[(this.#detectionsAt[camera] as number) + this.#cell] = value
  }

  #storeBox(value: unknown, name: unknown): void {
    const camera = this.#cameras.find(name)
    if (camera === -1) {
      this.#unknownCamera(name, 'bboxes')
      return
    }
    const box = value as ArrayLike<unknown> | null | undefined
    if (typeof box !== 'object' || box === null || box.length !== 4) {
      throw this.#location.refusal('ERR_INVALID_TRACK', 'bboxes', 'must be four numbers', box, name)
    }
    const { i32 } = this.#block
    const at = (this.#boxesAt[camera] as number) + 4 * this.#cell
    const left = box[0]
    if (!fitsInt32(left)) throw this.#boxRefusal(left, 0, name)
    const x = left | 0
    i32[at] = x
    const top = box[1]
    if (!fitsInt32(top)) throw this.#boxRefusal(top, 1, name)
    const y = top | 0
    i32[at + 1] = y
    const width = box[2]
    if (!fitsInt32(width)) throw this.#boxRefusal(width, 2, name)
    const w = width | 0
    i32[at + 2] = w
    const height = box[3]
    if (!fitsInt32(height)) throw this.#boxRefusal(height, 3, name)
    const h = height | 0
    i32[at + 3] = h
    if (x !== left || y !== top || w !== width || h !== height) {
      if (this.#rules.refuseFractionalBoxes) throw this.#fractionRefusal(box as ArrayLike<number>, name)
      this.#truncated++
    }
  }

  #fractionRefusal(box: ArrayLike<number>, camera: unknown): H5TracksError {
    const at = [0, 1, 2, 3].find((i) => !Number.isInteger(box[i])) ?? 0
    const allowed = "must be an integer (fractionalBoxes: 'refuse')"
    return this.#location.refusal('ERR_OUT_OF_RANGE', `bboxes[${at}]`, allowed, box[at], camera)
  }

  #boxRefusal(value: unknown, i: number, camera: unknown): H5TracksError {
    if (typeof value !== 'number') {
      return this.#location.refusal('ERR_INVALID_TRACK', `bboxes[${i}]`, 'must be a number', value, camera)
    }
    const allowed = 'must be finite and fit int32 once truncated'
    return this.#location.refusal('ERR_OUT_OF_RANGE', `bboxes[${i}]`, allowed, value, camera)
  }

  #unknownCamera(camera: unknown, field: string): void {
    if (!this.#rules.ignoreUnknownCameras) {
      const allowed = `must name the writer's cameras only, ${show(this.#rules.cameraNames)}`
      throw this.#location.refusal('ERR_UNKNOWN_CAMERA', field, allowed, camera, camera)
    }
    this.#ignored++
  }
}
