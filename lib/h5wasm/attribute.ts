import { metadataToDtype } from './dtype.js'
import { attributeMetadata } from './metadata.js'
import { fileOf } from './registry.js'
import type { Dtype, JSONCompatibleOutputData, Metadata, OutputData } from './types.js'
import { nestedOutput, toOutput } from './values.js'

/** An attribute as it was when it was asked for; its value is read at the first use. */
export class Attribute {
  file_id: bigint
  path: string
  name: string
  metadata: Metadata
  dtype: Dtype
  shape: number[] | null
  #value: OutputData | null | undefined
  #json: JSONCompatibleOutputData | null | undefined

  constructor(file_id: bigint, path: string, name: string) {
    this.file_id = file_id
    this.path = path
    this.name = name
    using object = fileOf(file_id).getSync(path)
    const { type, shape } = object.attributes.infoSync(name)
    this.metadata = attributeMetadata(type, shape)
    this.dtype = metadataToDtype(this.metadata)
    this.shape = this.metadata.shape ?? null
  }

  get value(): OutputData | null {
    if (this.#value === undefined) this.#value = this.#read(false)
    return this.#value
  }

  /** As `value`, of plain numbers, booleans, strings and lists. */
  get json_value(): JSONCompatibleOutputData | null {
    if (this.#json === undefined) this.#json = this.#read(true) as JSONCompatibleOutputData | null
    return this.#json
  }

  /** As `json_value`, in lists in lists. */
  to_array(): JSONCompatibleOutputData | null {
    return nestedOutput(this.json_value, this.metadata)
  }

  #read(json: boolean): OutputData | null {
    if (this.shape === null) return null
    using object = fileOf(this.file_id).getSync(this.path)
    return toOutput(object.attributes.readSync(this.name), `${this.path}@${this.name}`, json)
  }
}
