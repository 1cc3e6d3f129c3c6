/** h5wasm's `Attribute`. */
import { metadataToDtype } from '../values/dtype.js'
import { attributeMetadata } from '../values/metadata.js'
import { nestedOutput, toOutput } from '../values/read-values.js'
import type { Dtype, JSONCompatibleOutputData, Metadata, OutputData } from '../values/types.js'
import { hide, showId } from './hidden.js'
import { Opened } from './opened.js'

/** An attribute. Type and shape are read when it is made, its value when it is first used. */
export class Attribute {
  declare readonly file_id: bigint
  path: string
  name: string
  metadata: Metadata
  dtype: Dtype
  shape: number[] | null
  /** @internal */
  declare readonly read: (json: boolean) => OutputData | null
  declare private _value: OutputData | null | undefined
  declare private _json_value: JSONCompatibleOutputData | null | undefined

  constructor(file_id: bigint, path: string, name: string)
  /** @internal */
  constructor(file: bigint | Opened, path: string, name: string)
  constructor(file: bigint | Opened, path: string, name: string) {
    const opened = file instanceof Opened ? file : Opened.at(file)
    showId(this, opened)
    this.path = path
    this.name = name
    using object = opened.file.getSync(path)
    const { type, shape } = object.attributes.infoSync(name)
    this.metadata = attributeMetadata(type, shape)
    this.dtype = metadataToDtype(this.metadata)
    this.shape = this.metadata.shape ?? null
    hide(this, 'read', (json) => {
      if (shape === null) return null
      using holder = opened.file.getSync(path)
      return toOutput(holder.attributes.readSync(name), `${path}@${name}`, json)
    })
  }

  get value(): OutputData | null {
    if (this._value === undefined) this._value = this.read(false)
    return this._value
  }

  /** `value` made of plain numbers, booleans, strings and arrays, flat. */
  get json_value(): JSONCompatibleOutputData | null {
    if (this._json_value === undefined) this._json_value = this.read(true) as JSONCompatibleOutputData | null
    return this._json_value
  }

  /** `json_value` in nested arrays, one level for each dimension. */
  to_array(): JSONCompatibleOutputData | null {
    return nestedOutput(this.json_value, this.metadata)
  }
}
