/** h5wasm's `Group` and `Datatype`. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import { type DatasetSpec, type Filter, Group as FloorGroup, type LinkInfo, type NamedType } from '../../hdf5/index.js'
import { typeToMetadata } from '../values/metadata.js'
import { namesInOrder } from '../values/order.js'
import { prepare } from '../values/prepare.js'
import type { Reference, RegionReference } from '../values/reference.js'
import type { Dtype, GuessableDataTypes, Metadata, Status } from '../values/types.js'
import { Dataset, HasAttrs } from './classes.js'
import { BrokenSoftLink, ExternalLink } from './links.js'
import { OBJECT_TYPE } from './object-type.js'

export type Entity = Dataset | Group | BrokenSoftLink | ExternalLink | Datatype | Reference | RegionReference

/** The numbers of `get_type` (HDF5's H5G_obj_t): the kind of object that a path leads to. */
export const OBJECT_KIND = { nothing: -1, group: 0, dataset: 1, datatype: 2, softLink: 3, userLink: 4 } as const

/** A named type. */
export class Datatype extends HasAttrs {
  type: OBJECT_TYPE = OBJECT_TYPE.DATATYPE

  get metadata(): Metadata {
    return typeToMetadata((this.floorObject() as NamedType).type)
  }
}

export interface CreateDatasetArguments {
  name: string
  data: GuessableDataTypes
  shape?: number[] | null
  dtype?: Dtype | null
  maxshape?: (number | null)[] | null
  chunks?: number[] | null
  /** `'gzip'`, a gzip level from 1 to 9, or, with `compression_opts`, the id of any filter. */
  compression?: number | 'gzip'
  compression_opts?: number | number[]
  track_order?: boolean
}

export class Group extends HasAttrs {
  type: OBJECT_TYPE = OBJECT_TYPE.GROUP
  /** @internal */
  declare readonly floorObject: () => FloorGroup

  keys(): string[] {
    return namesInOrder(this.floorGroup())
  }

  *values(): Generator<Entity | null, void, undefined> {
    for (const name of this.keys()) yield this.get(name)
  }

  *items(): Generator<[string, Entity | null], void, undefined> {
    for (const name of this.keys()) yield [name, this.get(name)]
  }

  /** The kind of object at a path from the root: 0 group, 1 dataset, 2 type, 3 soft link, 4 external link, -1 nothing. */
  get_type(obj_path: string): number {
    const kind = kindAt(this, obj_path)
    if (kind === 'external link') return OBJECT_KIND.userLink
    if (kind !== null) return OBJECT_KIND[kind]
    return this.get_link(obj_path) === null ? OBJECT_KIND.nothing : OBJECT_KIND.softLink
  }

  /** The target of the soft link at a path from the root; `null` if there is no soft link. */
  get_link(obj_path: string): string | null {
    const link = linkAt(this, obj_path)
    return link?.type === 'soft' ? link.path : null
  }

  /** The target of the external link at a path from the root; an empty object if there is no external link. */
  get_external_link(obj_path: string): { filename: string; obj_path: string } | Record<string, never> {
    const link = linkAt(this, obj_path)
    return link?.type === 'external' ? { filename: link.file, obj_path: link.path } : {}
  }

  /** The object or link at a path from this group, or from the root if it begins with a slash; `null` if there is none. */
  get(obj_name: string): Entity | null {
    const path = normalized(obj_name.startsWith('/') ? obj_name : `${this.path}/${obj_name}`)
    switch (this.get_type(path)) {
      case OBJECT_KIND.group:
        return new Group(this.opened(), path)
      case OBJECT_KIND.dataset:
        return new Dataset(this.opened(), path)
      case OBJECT_KIND.datatype:
        return new Datatype(this.opened(), path)
      case OBJECT_KIND.softLink:
        return new BrokenSoftLink(this.get_link(path)!)
      case OBJECT_KIND.userLink: {
        const { filename, obj_path } = this.get_external_link(path)
        return new ExternalLink(filename!, obj_path!)
      }
      default:
        return null
    }
  }

  create_group(name: string, track_order = false): Group {
    this.floorGroup().createGroupSync(name, { trackOrder: track_order }).close()
    return this.get(name) as Group
  }

  /** Creates a dataset and writes its values. Throws ERR_EXISTS if the name is taken. */
  create_dataset(args: CreateDatasetArguments): Dataset {
    const { name, maxshape, chunks, track_order = false } = args
    const { type, shape, data } = prepare(args.data, args.dtype, args.shape)
    const spec: DatasetSpec<typeof type> = { type, shape, filters: filtersOf(args), trackOrder: track_order }
    if (maxshape) spec.maxShape = maxshape
    if (chunks) spec.chunks = chunks
    this.floorGroup().createDatasetSync(name, spec, data).close()
    return this.get(name) as Dataset
  }

  create_soft_link(target: string, name: string): Status {
    this.floorGroup().createLinkSync(name, { path: target })
    return 0
  }

  /** Creates a hard link to the object at `target`, a path from the root. Throws ERR_NOT_FOUND if there is no object. */
  create_hard_link(target: string, name: string): Status {
    using object = this.floorFile().getSync(target)
    this.floorGroup().createLinkSync(name, object)
    return 0
  }

  create_external_link(file_name: string, target: string, name: string): Status {
    this.floorGroup().createLinkSync(name, { file: file_name, path: target })
    return 0
  }

  override toString(): string {
    return `Group(file_id=${this.file_id}, path=${this.path})`
  }

  /**
   * The paths, from this group, of all links below it. A group with several paths is entered once; soft and external links are not
   * followed. Damaged objects are among the paths: `get` throws for them.
   */
  paths(): string[] {
    return [...below(this.floorGroup(), '', new Set([this.floorGroup().infoSync().token]))]
  }

  /** @internal The `Group` of h5tracks/hdf5. Throws ERR_FORMAT in a file whose root is not a group. */
  floorGroup(): FloorGroup {
    const object: unknown = this.floorObject()
    if (object instanceof FloorGroup) return object
    const message = `${show(this.path)} of ${this.floorFile().filename} is not a group; get(${show(this.path)}) opens it`
    throw new H5TracksError(message, { code: 'ERR_FORMAT', path: this.floorFile().filename })
  }
}

function kindAt(group: Group, path: string) {
  return orNull(() => group.floorFile().kindSync(path))
}

function linkAt(group: Group, path: string): LinkInfo | null {
  return path === '/' ? null : orNull(() => group.floorFile().linkSync(path))
}

/** `null` if the object does not exist or is in another file that may not be opened. */
function orNull<T>(find: () => T): T | null {
  try {
    return find()
  } catch (error) {
    const elsewhere = ['ERR_NOT_FOUND', 'ERR_FORMAT']
    if (error instanceof H5TracksError && elsewhere.includes(error.code)) return null
    throw error
  }
}

function normalized(path: string): string {
  return path.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '')
}

function* below(group: FloorGroup, prefix: string, seen: Set<string>): Generator<string> {
  for (const { name, type } of group.linksSync()) {
    const path = prefix + name
    yield path
    if (type !== 'hard' || kindOf(group, name) !== 'group') continue
    using child = group.groupSync(name)
    const { token } = child.infoSync()
    if (seen.has(token)) continue
    seen.add(token)
    yield* below(child, `${path}/`, seen)
  }
}

function kindOf(group: FloorGroup, name: string) {
  try {
    return group.kindSync(name)
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'ERR_DAMAGED') return 'damaged'
    throw error
  }
}

function filtersOf({ compression, compression_opts, chunks }: CreateDatasetArguments): Filter[] {
  if (!compression) return []
  if (!chunks) throw invalidArgument('chunks', chunks, 'the shape of a chunk: compression needs chunks')
  const options = typeof compression_opts === 'number' ? [compression_opts] : compression_opts
  if (compression === 'gzip') return [{ deflate: options?.[0] ?? 4 }]
  if (typeof compression !== 'number') throw invalidArgument('compression', compression, "'gzip' or a number")
  return options === undefined ? [{ deflate: compression }] : [{ id: compression, options }]
}
