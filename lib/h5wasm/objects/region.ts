/** h5wasm's `DatasetRegion`. */
import { datasetMetadata } from '../values/metadata.js'
import { toOutput } from '../values/read-values.js'
import { type RegionReference, toFloor } from '../values/reference.js'
import type { JSONCompatibleOutputData, Metadata, OutputData } from '../values/types.js'
import type { Dataset } from './classes.js'

/** The part of a dataset that a region reference selects. */
export class DatasetRegion {
  source_dataset: Dataset
  region_reference: RegionReference
  declare private _metadata: Metadata | undefined

  constructor(source_dataset: Dataset, region_reference: RegionReference) {
    this.source_dataset = source_dataset
    this.region_reference = region_reference
  }

  /** The metadata of the dataset, with the shape of the selection. */
  get metadata(): Metadata {
    if (this._metadata === undefined) {
      const { shape } = read(this)
      const total_size = shape.reduce((product, n) => product * n, 1)
      this._metadata = { ...datasetMetadata(this.source_dataset.floorObject().detailsSync()), shape, total_size }
    }
    return this._metadata
  }

  get value(): OutputData | null {
    return this._value_getter(false)
  }

  _value_getter(json_compatible?: false): OutputData | null
  _value_getter(json_compatible: true): JSONCompatibleOutputData | null
  _value_getter(json_compatible: boolean): OutputData | JSONCompatibleOutputData | null
  _value_getter(json_compatible = false): OutputData | null {
    return toOutput(read(this), this.source_dataset.path, json_compatible)
  }
}

function read({ source_dataset, region_reference }: DatasetRegion) {
  return source_dataset.floorObject().readSync(toFloor(region_reference))
}
