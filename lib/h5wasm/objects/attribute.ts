import { metadataToDtype } from '../values/dtype.js'
import { attributeMetadata } from '../values/metadata.js'
import { nestedOutput, toOutput } from '../values/read-values.js'
import type { Dtype, JSONCompatibleOutputData, Metadata, OutputData } from '../values/types.js'
import { hide, showId } from './hidden.js'
import { Opened } from './opened.js'

/** An attribute as it was when it was asked for; its value is read at the first use. */
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

  /** As `value`, of plain numbers, booleans, strings and lists. */
  get json_value(): JSONCompatibleOutputData | null {
    if (this._json_value === undefined) this._json_value = this.read(true) as JSONCompatibleOutputData | null
    return this._json_value
  }

  /** As `json_value`, in lists in lists. */
  to_array(): JSONCompatibleOutputData | null {
    return nestedOutput(this.json_value, this.metadata)
  }
}
