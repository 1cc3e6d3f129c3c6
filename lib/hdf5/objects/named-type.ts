import type { CommittedType, Type } from '../values/types.js'
import { HObject, type ObjectPlace } from './object.js'

/** A datatype that has a place of its own in the file, and attributes; datasets made with it share it. */
export class NamedType extends HObject implements CommittedType {
  /** The type, with everything said. */
  readonly type: Type

  /** @internal Comes from `Group.get` and `Group.createType`. */
  constructor(place: ObjectPlace, type: Type) {
    super(place)
    this.type = type
  }
}
