/** The base of h5wasm's groups, datasets and named types: their attributes and references. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Dataset as FloorDataset, File as FloorFile, Group as FloorGroup, NamedType } from '../../hdf5/index.js'
import { namesInOrder } from '../values/order.js'
import { prepare } from '../values/prepare.js'
import { Reference, RegionReference, toFloor } from '../values/reference.js'
import type { Dtype, GuessableDataTypes, JSONCompatibleOutputData, OutputData, Status } from '../values/types.js'
import { Attribute } from './attribute.js'
import { type Dataset, DatasetRegion, type Entity, Group } from './classes.js'
import { hide, showId } from './hidden.js'
import type { OBJECT_TYPE } from './object-type.js'
import { Opened } from './opened.js'

type FloorObject = FloorGroup | FloorDataset | NamedType

/**
 * An object that can have attributes: a group, dataset or named type. The object in the file is opened when it is first needed.
 * The class has no private fields, so that proxies of an instance, and objects that have one as their prototype, work as it does.
 */
export abstract class HasAttrs {
  declare readonly file_id: bigint
  path: string
  abstract type: OBJECT_TYPE
  /** @internal */
  declare readonly opened: () => Opened
  /** @internal The `File` of h5tracks/hdf5. */
  declare readonly floorFile: () => FloorFile
  /** @internal The object of h5tracks/hdf5, opened at the first call. */
  declare readonly floorObject: () => FloorObject

  constructor(file_id: bigint, path: string)
  /** @internal */
  constructor(file: bigint | Opened, path: string)
  constructor(file: bigint | Opened, path: string) {
    const opened = file instanceof Opened ? file : Opened.at(file)
    let holder: FloorFile | undefined
    let object: FloorObject | undefined
    showId(this, opened)
    this.path = path
    hide(this, 'opened', () => opened)
    hide(this, 'floorFile', () => opened.file)
    hide(this, 'floorObject', () => {
      if (holder !== opened.file || !object?.isOpen) {
        holder = opened.file
        object = holder.getSync(path)
      }
      return object
    })
  }

  /** The attributes by name. Each is read when its property is used. */
  get attrs(): Record<string, Attribute> {
    const { path } = this
    const opened = this.opened()
    const attributes = this.floorObject().attributes
    const record: Record<string, Attribute> = {}
    for (const name of namesInOrder(attributes)) {
      Object.defineProperty(record, name, { get: () => new Attribute(opened, path, name), enumerable: true })
    }
    return record
  }

  get root(): Group {
    return new Group(this.opened(), '/')
  }

  get parent(): Group {
    return new Group(this.opened(), this.path.slice(0, Math.max(1, this.path.lastIndexOf('/'))))
  }

  get_attribute(name: string, json_compatible: true): JSONCompatibleOutputData
  get_attribute(name: string, json_compatible?: false): OutputData
  get_attribute(name: string, json_compatible = false): OutputData | null {
    const attribute = new Attribute(this.opened(), this.path, name)
    return json_compatible ? attribute.json_value : attribute.value
  }

  /** Creates an attribute. Throws ERR_EXISTS if the object has an attribute of that name. */
  create_attribute(name: string, data: GuessableDataTypes, shape?: number[] | null, dtype?: Dtype | null): void {
    const { attributes } = this.floorObject()
    if (attributes.hasSync(name)) {
      const message = `${show(this.path)} has an attribute ${show(name)} already`
      throw new H5TracksError(message, { code: 'ERR_EXISTS', path: this.floorFile().filename })
    }
    const { type, shape: own, data: values } = prepare(data, dtype, shape)
    attributes.setSync(name, values, { type, shape: own })
  }

  /** Throws ERR_NOT_FOUND if there is no such attribute. */
  delete_attribute(name: string): Status {
    this.floorObject().attributes.deleteSync(name)
    return 0
  }

  create_reference(): Reference {
    return new Reference(this.floorObject().referenceSync().bytes)
  }

  dereference(ref: RegionReference): DatasetRegion
  dereference(ref: Reference | RegionReference): DatasetRegion | Entity | null
  dereference(ref: Reference | RegionReference): DatasetRegion | Entity | null {
    const { path } = this.floorFile().getSync(toFloor(ref))
    const target = this.root.get(path)
    return ref instanceof RegionReference ? new DatasetRegion(target as Dataset, ref) : target
  }
}
