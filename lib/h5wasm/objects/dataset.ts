/** h5wasm's `Dataset`. */
import { H5TracksError, show } from '../../base/errors.js'
import type { Dataset as FloorDataset } from '../../hdf5/index.js'
import { metadataToDtype } from '../values/dtype.js'
import { datasetMetadata } from '../values/metadata.js'
import { toWritable } from '../values/prepare.js'
import { nestedOutput, toOutput } from '../values/read-values.js'
import { RegionReference } from '../values/reference.js'
import { toRanges } from '../values/slices.js'
import type {
  Dtype,
  Filter,
  GuessableDataTypes,
  JSONCompatibleOutputData,
  Metadata,
  OutputData,
  Slice,
  Status,
} from '../values/types.js'
import { HasAttrs } from './classes.js'
import { OBJECT_TYPE } from './object-type.js'

export class Dataset extends HasAttrs {
  type: OBJECT_TYPE = OBJECT_TYPE.DATASET
  declare private _metadata: Metadata | undefined
  /** @internal */
  declare readonly floorObject: () => FloorDataset

  /** Makes visible what a SWMR writer has written since the dataset was opened or last refreshed. */
  refresh(): void {
    this.floorObject().refreshSync()
    this._metadata = undefined
  }

  /** Read at the first use, and again after `refresh` or `resize`. */
  get metadata(): Metadata {
    this._metadata ??= datasetMetadata(this.floorObject().detailsSync())
    return this._metadata
  }

  get dtype(): Dtype {
    return metadataToDtype(this.metadata)
  }

  get shape(): number[] | null {
    return this.metadata.shape ?? null
  }

  get filters(): Filter[] {
    return this.floorObject()
      .detailsSync()
      .filters.map(({ id, name, options }) => ({ id, name, cd_values: options }))
  }

  /** All values: a typed array if there is one for the type; `null` for a null dataspace. */
  get value(): OutputData | null {
    return this._value_getter(false)
  }

  /** `value` made of plain numbers, booleans, strings and arrays, flat. */
  get json_value(): JSONCompatibleOutputData | null {
    return this._value_getter(true)
  }

  /** Reads a part as a flat array. One range for each axis; an axis without a range is read completely. */
  slice(ranges?: readonly Slice[]): OutputData | null {
    const { shape } = this
    if (shape === null) return null
    return toOutput(this.floorObject().readSync(toRanges(shape, ranges)), this.path, false)
  }

  write_slice(ranges: readonly Slice[], data: GuessableDataTypes): void {
    const selection = toRanges(extentOf(this, 'write a part of'), ranges)
    const count = selection.reduce((product, { start, stop, step }) => product * Math.ceil((stop - start) / step), 1)
    const dataset = this.floorObject()
    dataset.writeSync(toWritable(data, dataset.type, count), selection)
  }

  create_region_reference(ranges: readonly Slice[]): RegionReference {
    const selection = toRanges(extentOf(this, 'refer to a part of'), ranges)
    return new RegionReference(this.floorObject().regionReferenceSync(selection).bytes)
  }

  /** `json_value` in nested arrays, one level for each dimension. */
  to_array(): JSONCompatibleOutputData | null {
    return nestedOutput(this.json_value, this.metadata)
  }

  resize(new_shape: readonly number[]): Status {
    this.floorObject().resizeSync([...new_shape])
    this._metadata = undefined
    return 0
  }

  make_scale(scale_name = ''): void {
    this.floorObject().makeScaleSync(scale_name)
  }

  attach_scale(index: number, scale_dset_path: string): void {
    using scale = this.floorFile().datasetSync(scale_dset_path)
    this.floorObject().attachScaleSync(index, scale)
  }

  detach_scale(index: number, scale_dset_path: string): void {
    using scale = this.floorFile().datasetSync(scale_dset_path)
    this.floorObject().detachScaleSync(index, scale)
  }

  /** The paths of the dimension scales of an axis. */
  get_attached_scales(index: number): string[] {
    return this.floorObject()
      .scalesSync(index)
      .map((reference) => {
        using scale = this.floorFile().getSync(reference)
        return scale.path
      })
  }

  /** The name of a dimension scale; `''` if it has none, `null` if the dataset is not a scale. */
  get_scale_name(): string | null {
    const dataset = this.floorObject()
    return dataset.isScaleSync() ? (dataset.scaleNameSync() ?? '') : null
  }

  set_dimension_label(index: number, label: string): void {
    this.floorObject().setLabelSync(index, label)
  }

  /** The label of each axis; `null` for an axis without one. */
  get_dimension_labels(): (string | null)[] {
    return (this.shape ?? []).map((_, axis) => this.floorObject().labelSync(axis) || null)
  }

  _value_getter(json_compatible?: false): OutputData | null
  _value_getter(json_compatible: true): JSONCompatibleOutputData | null
  _value_getter(json_compatible: boolean): OutputData | JSONCompatibleOutputData | null
  _value_getter(json_compatible = false): OutputData | null {
    if (this.shape === null) return null
    return toOutput(this.floorObject().readSync(), this.path, json_compatible)
  }
}

function extentOf(dataset: Dataset, what: string): number[] {
  if (dataset.shape) return dataset.shape
  const message = `cannot ${what} ${show(dataset.path)}: it has a null dataspace`
  throw new H5TracksError(message, { code: 'ERR_FORMAT', path: dataset.floorFile().filename })
}
