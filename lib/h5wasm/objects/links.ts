/** h5wasm's objects for links that lead to no object of the file. */
import { OBJECT_TYPE } from './object-type.js'

/** A soft link whose target does not exist. */
export class BrokenSoftLink {
  target: string
  type: OBJECT_TYPE = OBJECT_TYPE.BROKEN_SOFT_LINK

  constructor(target: string) {
    this.target = target
  }
}

/** A link into another file. */
export class ExternalLink {
  filename: string
  obj_path: string
  type: OBJECT_TYPE = OBJECT_TYPE.EXTERNAL_LINK

  constructor(filename: string, obj_path: string) {
    this.filename = filename
    this.obj_path = obj_path
  }
}
