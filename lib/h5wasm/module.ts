/** h5wasm's `Module` (calls that take a file id and a path), `FS` and `ready`. */
import { resolve } from 'node:path'
import { H5TracksError, show } from '../base/errors.js'
import { loadFilterPlugins } from '../hdf5/index.js'
import { FS } from './fs/fs.js'
import { Attribute } from './objects/attribute.js'
import { Dataset, Datatype, Group, OBJECT_KIND } from './objects/classes.js'
import { ACCESS_MODES, type ACCESS_MODESTRING, File } from './objects/file.js'
import { convertToLibverString, LIBVER_NUMBERS, numberOfBound } from './objects/libver.js'
import { Opened } from './objects/opened.js'
import { Reference, RegionReference, toFloor } from './values/reference.js'
import { type Filter, type Metadata, type Status, TYPE_CLASS } from './values/types.js'

const modes = {
  H5F_ACC_RDONLY: 0,
  H5F_ACC_RDWR: 1,
  H5F_ACC_TRUNC: 2,
  H5F_ACC_EXCL: 4,
  H5F_ACC_CREAT: 16,
  ACC_SWMR_APPEND: 33,
  H5F_ACC_SWMR_READ: 64,
} as const

const classes = Object.fromEntries(
  Object.entries({ no_class: -1, ...TYPE_CLASS }).map(([name, value]) => [`H5T_${name.toUpperCase()}`, { value }]),
) as Record<`H5T_${Uppercase<keyof typeof TYPE_CLASS | 'no_class'>}`, { value: number }>

const plugins: string[] = []

const ok = (_: unknown): Status => 0
const root = (file_id: bigint) => new Group(file_id, '/')
// Any object has its attributes in the same way, so a Group stands for all of them.
const holder = (file_id: bigint, path: string) => new Group(file_id, path)

/**
 * h5wasm's module, without the parts for WebAssembly's memory. Its calls take a `file_id` and a path. They throw an H5TracksError
 * when those of h5wasm return a negative number.
 */
export const Module = {
  FS,
  ...modes,
  ...LIBVER_NUMBERS,
  H5T_class_t: classes,
  H5G_GROUP: OBJECT_KIND.group,
  H5G_DATASET: OBJECT_KIND.dataset,
  H5G_TYPE: OBJECT_KIND.datatype,
  H5G_LINK: OBJECT_KIND.softLink,
  H5G_UDLINK: OBJECT_KIND.userLink,
  H5O_TYPE_GROUP: 0,
  H5O_TYPE_DATASET: 1,
  H5Z_FILTER_NONE: 0,
  H5Z_FILTER_DEFLATE: 1,
  H5Z_FILTER_SHUFFLE: 2,
  H5Z_FILTER_FLETCHER32: 3,
  H5Z_FILTER_SZIP: 4,
  H5Z_FILTER_NBIT: 5,
  H5Z_FILTER_SCALEOFFSET: 6,
  H5Z_FILTER_RESERVED: 256,
  H5Z_FILTER_MAX: 65535,
  SIZEOF_OBJ_REF: 8,
  SIZEOF_DSET_REGION_REF: 12,

  /** Does nothing: errors are always thrown. */
  activate_throwing_error_handler: (): Status => 0,
  /** Does nothing: errors are always thrown. */
  deactivate_throwing_error_handler: (): Status => 0,

  /** Lets HDF5 load filter plugins from a directory, for all files of the process. Throws ERR_UNSUPPORTED for a second directory. */
  insert_plugin_search_path(search_path: string, _index = 0): Status {
    const path = resolve(search_path)
    if (plugins.length > 0 && plugins[0] !== path) {
      const message = `filter plugins are already loaded from ${show(plugins[0])}; copy those of ${show(path)} to that directory`
      throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED' })
    }
    loadFilterPlugins(path)
    plugins[0] = path
    return 0
  },
  get_plugin_search_paths: (): string[] => [...plugins],
  /** Throws ERR_UNSUPPORTED for a directory that was inserted, because its plugins stay loaded. */
  remove_plugin_search_path(index: number): Status {
    if (plugins[index] === undefined) return 0
    const message = `the filter plugins of ${show(plugins[index])} cannot be unloaded; start a process without them`
    throw new H5TracksError(message, { code: 'ERR_UNSUPPORTED' })
  },

  /** Opens a file and returns its id. `mode`: a number of `ACCESS_MODES`; bounds: numbers of `H5F_LIBVER_…`, -1 for the default. */
  open(filename: string, mode: number = 0, track_order = false, libver_low = -1, libver_high = -1): bigint {
    const [letter] = Object.entries(ACCESS_MODES).find(([, name]) => modes[name] === mode) ?? []
    const low = libver_low < 0 ? 'v108' : convertToLibverString(libver_low)
    const high = libver_high < 0 ? 'latest' : convertToLibverString(libver_high)
    const file = new File(filename, (letter ?? mode) as ACCESS_MODESTRING, { track_order, libver: [low, high] })
    return file.file_id
  },
  get_libver_bounds(file_id: bigint): { low: number; high: number } {
    const [low, high] = Opened.at(file_id).file.creationSync().libver.map(numberOfBound)
    return { low: low!, high: high! }
  },
  close_file: (file_id: bigint): Status => ok(Opened.at(file_id).close()),
  flush: (file_id: bigint): Status => ok(Opened.at(file_id).file.flushSync()),
  H5Fstart_swmr_write: (file_id: bigint): Status => ok(Opened.at(file_id).startSwmr()),

  get_type: (file_id: bigint, path: string): number => root(file_id).get_type(path),
  /** Names of the links in a group; with `recursive`, paths of all links below it. */
  get_names: (file_id: bigint, path: string, recursive: boolean): string[] =>
    recursive ? new Group(file_id, path).paths() : new Group(file_id, path).keys(),
  get_symbolic_link: (file_id: bigint, path: string): string | null => root(file_id).get_link(path),
  get_external_link: (file_id: bigint, path: string): { filename: string; obj_path: string } | Record<string, never> =>
    root(file_id).get_external_link(path),
  create_group: (file_id: bigint, path: string, track_order = false): Status =>
    ok(root(file_id).create_group(path, track_order)),
  create_soft_link: (file_id: bigint, target: string, path: string): Status =>
    root(file_id).create_soft_link(target, path),
  create_hard_link: (file_id: bigint, target: string, path: string): Status =>
    root(file_id).create_hard_link(target, path),
  create_external_link: (file_id: bigint, file_name: string, target: string, path: string): Status =>
    root(file_id).create_external_link(file_name, target, path),

  get_attribute_names: (file_id: bigint, path: string): string[] => Object.keys(holder(file_id, path).attrs),
  get_attribute_metadata: (file_id: bigint, path: string, name: string): Metadata =>
    new Attribute(file_id, path, name).metadata,
  delete_attribute: (file_id: bigint, path: string, name: string): Status =>
    holder(file_id, path).delete_attribute(name),

  get_datatype_metadata: (file_id: bigint, path: string): Metadata => new Datatype(file_id, path).metadata,
  get_dataset_metadata: (file_id: bigint, path: string): Metadata => new Dataset(file_id, path).metadata,
  get_dataset_filters: (file_id: bigint, path: string): Filter[] => new Dataset(file_id, path).filters,
  refresh_dataset: (file_id: bigint, path: string): Status => ok(new Dataset(file_id, path).refresh()),
  resize_dataset: (file_id: bigint, path: string, new_size: readonly (bigint | number)[]): Status =>
    new Dataset(file_id, path).resize(new_size.map(Number)),
  set_scale: (file_id: bigint, path: string, name: string): Status => ok(new Dataset(file_id, path).make_scale(name)),
  attach_scale: (file_id: bigint, path: string, scale: string, index: number): Status =>
    ok(new Dataset(file_id, path).attach_scale(index, scale)),
  detach_scale: (file_id: bigint, path: string, scale: string, index: number): Status =>
    ok(new Dataset(file_id, path).detach_scale(index, scale)),
  get_scale_name: (file_id: bigint, path: string): string | null => new Dataset(file_id, path).get_scale_name(),
  get_attached_scales: (file_id: bigint, path: string, index: number): string[] =>
    new Dataset(file_id, path).get_attached_scales(index),
  set_dimension_label: (file_id: bigint, path: string, index: number, label: string): Status =>
    ok(new Dataset(file_id, path).set_dimension_label(index, label)),
  get_dimension_labels: (file_id: bigint, path: string): (string | null)[] =>
    new Dataset(file_id, path).get_dimension_labels(),

  create_object_reference: (file_id: bigint, path: string): Uint8Array =>
    holder(file_id, path).create_reference().ref_data,
  /** The path of the object that a reference refers to. */
  get_referenced_name(file_id: bigint, ref_ptr: Uint8Array, is_object: boolean): string {
    const reference = is_object ? new Reference(ref_ptr) : new RegionReference(ref_ptr)
    using object = Opened.at(file_id).file.getSync(toFloor(reference))
    return object.path
  },
} as const

export type H5Module = typeof Module

export { FS }

/** Already resolved: nothing needs to be loaded. For programs that wait for it. */
export const ready: Promise<H5Module> = Promise.resolve(Module)
