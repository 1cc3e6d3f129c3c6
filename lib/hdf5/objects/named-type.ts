/** Named types. */
import type { CommittedType, Type } from '../values/types.js'
import { HObject, type ObjectPlace } from './object.js'

/** A datatype stored in the file as an object (HDF5: committed datatype), with attributes. Datasets created with it share it. */
export class NamedType extends HObject implements CommittedType {
  /** The complete type. */
  readonly type: Type

  /** @internal Made by `Group.get` and `Group.createType`. */
  constructor(place: ObjectPlace, type: Type) {
    super(place)
    this.type = type
  }
}
