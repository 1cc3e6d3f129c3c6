/** Stores the fields of one record, or those of a frame, that stand in an object. */
import { show } from '../../../base/errors.js'
import type { FrameLocation } from '../../../base/frame-location.js'
import { cellWidth, type Field } from '../../../layout/model.js'
import type { Block, BlockLayout } from '../blocks/block.js'
import type { CameraFinder } from './camera-finder.js'
import { storeIntegersByCamera } from './camera-integers.js'
import { ValueStore } from './value-store.js'

// Within for…in, V8 compiles this call away, but not Object.hasOwn.
const isOwn = Object.prototype.hasOwnProperty

interface Member {
  store: ValueStore
  /** First elements of the columns: one, or one for each camera. */
  starts: readonly number[]
  /** Number of elements for each record. */
  width: number
  /** The values are stored by {@link storeIntegersByCamera}. */
  areCameraIntegers: boolean
  /** Single numbers of these types are stored without a call. */
  plain: 'int32' | 'float32' | null
}

/** How to treat cameras that the file does not have. */
export interface CameraRules {
  cameras: CameraFinder
  cameraNames: readonly string[]
  ignoreUnknown: boolean
}

/**
 * The fields that an object holds. Its keys are enumerated, so that a misspelt name is refused; they are mostly in the order of the
 * object before, so that each is found at once.
 */
export class FieldSet {
  /** Number of values of unknown cameras that were ignored. */
  ignored = 0
  /** What the object is called in errors. */
  readonly #what: string
  readonly #names: readonly string[]
  readonly #members: readonly (Member | null)[]
  readonly #indices: ReadonlyMap<string, number>
  /** The field that followed each one in the last object: at 0 the first field, at i + 1 the one after field i. */
  readonly #following: Uint16Array
  readonly #location: FrameLocation
  readonly #rules: CameraRules
  readonly #cameras: CameraFinder
  /** The call that stored each member last. */
  readonly #storedIn: Float64Array
  #call = 0
  readonly #onUnknownCamera = (field: string, camera: string): void => this.#unknownCamera(field, camera)

  /** @param passedOver a key of the object that is stored elsewhere */
  constructor(
    what: string,
    fields: readonly Field[],
    passedOver: string | null,
    block: BlockLayout,
    location: FrameLocation,
    rules: CameraRules,
  ) {
    this.#what = what
    this.#location = location
    this.#rules = rules
    this.#cameras = rules.cameras
    const own = fields.map((field): Member => {
      const store = new ValueStore(field, location)
      return {
        store,
        starts: block.startsOf(field),
        width: cellWidth(field),
        areCameraIntegers: areCameraIntegers(field),
        plain: field.perCamera || !store.isSingle ? null : store.plain,
      }
    })
    this.#members = passedOver === null ? own : [null, ...own]
    const names = this.#members.map((member) => member?.store.field.name ?? (passedOver as string))
    // Property names are internalized strings, which are fast to compare with the keys of objects.
    this.#names = names.map((name) => Object.keys({ [name]: 0 })[0] as string)
    this.#indices = new Map(this.#names.map((name, i) => [name, i]))
    this.#following = Uint16Array.from({ length: names.length + 1 }, (_, i) => i)
    this.#storedIn = new Float64Array(names.length)
  }

  /** Stores the fields of an object at `cell`: the index of the record in the block, or of the row. */
  fill(block: Block, given: unknown, cell: number): void {
    const call = ++this.#call
    let left = this.#names.length
    if (typeof given === 'object' && given !== null) {
      let place = 0
      for (const name in given) {
        if (!isOwn.call(given, name)) continue
        const likely = this.#following[place] as number
        const at = this.#names[likely] === name ? likely : this.#find(name, place)
        place = at + 1
        const value = (given as Record<string, unknown>)[name]
        if (value === undefined) continue
        this.#storedIn[at] = call
        left--
        const member = this.#members[at]
        if (member) this.#store(block, member, value, cell)
      }
    } else if (given !== undefined) {
      throw this.#location.refusal(this.#location.terms.invalid, this.#what, 'must be an object', given)
    }
    if (left > 0) this.#fillMissing(block, given, cell)
  }

  #find(name: string, place: number): number {
    const at = this.#indices.get(name)
    if (at !== undefined) {
      this.#following[place] = at
      return at
    }
    const known = this.#names.join(', ')
    throw this.#location.refusal(this.#location.terms.invalid, this.#what, `must have the fields ${known} only`, name)
  }

  /** Stores members that are not keys of the object itself, such as getters of its class, and refuses missing ones. */
  #fillMissing(block: Block, given: unknown, cell: number): void {
    for (const [at, member] of this.#members.entries()) {
      if (!member || this.#storedIn[at] === this.#call) continue
      const { name, optional } = member.store.field
      const value = (given as Record<string, unknown> | undefined)?.[name]
      if (value !== undefined) this.#store(block, member, value, cell)
      else if (!optional) {
        const allowed = 'must be given, because the layout does not say that it is optional'
        throw this.#location.refusal(this.#location.terms.invalid, name, allowed, value)
      }
    }
  }

  #store(block: Block, member: Member, value: unknown, cell: number): void {
    const { store, starts, width, plain } = member
    if (plain !== null && typeof value === 'number' && value >= store.least && value <= store.most) {
      const at = (starts[0] as number) + cell
      if (plain === 'float32') {
        block.f32[at] = value
        return
      }
      if ((value | 0) === value) {
        block.i32[at] = value
        return
      }
    }
    if (!store.field.perCamera) store.store(block, (starts[0] as number) + cell * width, value)
    else this.#storeByCamera(block, member, value, cell)
  }

  #storeByCamera(block: Block, member: Member, given: unknown, cell: number): void {
    const { store, starts, width } = member
    const { name } = store.field
    const offset = cell * width
    let empty = true
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
      if (member.areCameraIntegers) {
        if (storeIntegersByCamera(block, store, starts, offset, given, this.#cameras, this.#onUnknownCamera) > 0) return
      }
      for (const camera in given) {
        // for…in also enumerates inherited keys, which do not belong to this record.
        if (!isOwn.call(given, camera)) continue
        empty = false
        const value = (given as Record<string, unknown>)[camera]
        const index = this.#cameras.find(camera)
        if (index === -1) this.#unknownCamera(name, camera)
        else store.store(block, (starts[index] as number) + offset, value, camera)
      }
    }
    if (empty) this.#storeMap(block, member, given, offset)
  }

  #storeMap(block: Block, { store, starts }: Member, given: unknown, offset: number): void {
    const { name } = store.field
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      const allowed = 'must be an object or a Map by camera'
      throw this.#location.refusal(this.#location.terms.invalid, name, allowed, given)
    }
    // Checked by its method, because the Map may come from another realm.
    const map = given as ReadonlyMap<unknown, unknown>
    if (typeof map.forEach !== 'function') return
    map.forEach((value, camera) => {
      const index = this.#cameras.find(camera)
      if (index === -1) this.#unknownCamera(name, camera)
      else store.store(block, (starts[index] as number) + offset, value, camera as string)
    })
  }

  #unknownCamera(field: string, camera: unknown): void {
    if (!this.#rules.ignoreUnknown) {
      const allowed = `must name the writer's cameras only, ${show(this.#rules.cameraNames)}`
      throw this.#location.refusal('ERR_UNKNOWN_CAMERA', field, allowed, camera, camera)
    }
    this.ignored++
  }
}

const areCameraIntegers = ({ perCamera, value, storage, shape }: Field): boolean =>
  perCamera && value.kind === 'integer' && storage === 'int32' && shape.length <= 1
