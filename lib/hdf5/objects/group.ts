/** Groups: their links, and the objects that the links lead to. */
import { H5TracksError, invalidArgument, show } from '../../base/errors.js'
import type { LinkInfo, Opened } from '../../native/native.js'
import { call, type Operation, runSync } from '../../native/operation.js'
import { Reference } from '../values/reference.js'
import { fromNative, toNative, toType } from '../values/type-spec.js'
import type { DataOf, TypeSpec, WritableData } from '../values/types.js'
import { type DatasetSpec, type GroupOptions, nativeSpec } from './creation.js'
import { Dataset } from './dataset.js'
import { NamedType } from './named-type.js'
import { names } from './names.js'
import { HObject } from './object.js'
import { type Damage, verifying } from './verify.js'

/** An object that a link can lead to. */
export type AnyObject = Group | Dataset | NamedType

/** The target of a new link: an object (hard link), a path in this file (soft link) or in another file (external link). */
export type LinkTarget = HObject | { readonly path: string } | { readonly file: string; readonly path: string }

/** Options for copying an object. */
export interface CopyOptions {
  /** The group to copy into, which may be in another file. Default: the group whose method is called. */
  into?: Group
  /** Copy only the direct members of a group. */
  shallow?: boolean
  /** Copy the targets of soft links instead of the links. */
  expandSoftLinks?: boolean
  /** Copy the targets of external links instead of the links. The file must have been opened with `external`. */
  expandExternalLinks?: boolean
  /** Also copy the objects that references lead to. Otherwise references become null in another file. */
  expandReferences?: boolean
  /** Do not copy attributes. */
  withoutAttributes?: boolean
}

interface Ordered {
  /** 'name' (the default), or 'creation' for groups that track creation order; others throw ERR_FORMAT. */
  order?: 'name' | 'creation'
}

type Expected = 'group' | 'dataset' | 'named type'

/** An open group: a set of links with names, and attributes. Paths are absolute or relative to the group. */
export class Group extends HObject {
  /**
   * The names of its links. As in h5py, a byte of a name that is not UTF-8 becomes a surrogate from U+DC80 to U+DCFF. Such a name
   * works as a path too.
   */
  keys(options: Ordered = {}): Promise<string[]> {
    return this.later(this.#keys(options))
  }

  keysSync(options: Ordered = {}): string[] {
    return runSync(this.#keys(options))
  }

  /** The number of links in the group. */
  size(): Promise<number> {
    return this.later(call('links.count', this.handle))
  }

  sizeSync(): number {
    return runSync(call('links.count', this.handle))
  }

  /**
   * The kind of the object at `path`; null if there is none. An external link is followed only if the file was opened with
   * `external`. Throws ERR_DAMAGED for an object that exists but cannot be opened.
   */
  kind(path: string): Promise<'group' | 'dataset' | 'datatype' | 'external link' | null> {
    return this.later(call('links.kind', this.handle, path))
  }

  kindSync(path: string): 'group' | 'dataset' | 'datatype' | 'external link' | null {
    return runSync(call('links.kind', this.handle, path))
  }

  /** True if there is an object at `path`. Throws ERR_DAMAGED for an object that exists but cannot be opened. */
  async has(path: string): Promise<boolean> {
    return (await this.kind(path)) !== null
  }

  hasSync(path: string): boolean {
    return this.kindSync(path) !== null
  }

  /**
   * Opens the object at `path`, or the target of a reference. Throws ERR_NOT_FOUND, and ERR_DAMAGED for an object that exists but
   * cannot be opened.
   */
  get(path: string | Reference): Promise<AnyObject> {
    return this.later(this.#get(path))
  }

  getSync(path: string | Reference): AnyObject {
    return runSync(this.#get(path))
  }

  /** Opens a group. Throws as {@link get} does, and ERR_FORMAT if the object is not a group. */
  group(path: string): Promise<Group> {
    return this.later(this.#as(Group, path, 'group'))
  }

  groupSync(path: string): Group {
    return runSync(this.#as(Group, path, 'group'))
  }

  /** Opens a named type. Throws as {@link get} does, and ERR_FORMAT if the object is not a named type. */
  namedType(path: string): Promise<NamedType> {
    return this.later(this.#as(NamedType, path, 'named type'))
  }

  namedTypeSync(path: string): NamedType {
    return runSync(this.#as(NamedType, path, 'named type'))
  }

  /**
   * Opens a dataset. Throws as {@link get} does, and ERR_FORMAT if the object is not a dataset or if its values do not have the form
   * of values of `type`: `file.dataset('x', 'float64')` reads Float64Arrays, whatever the byte order in the file.
   */
  dataset(path: string): Promise<Dataset>
  dataset<const T extends TypeSpec>(path: string, type: T): Promise<Dataset<DataOf<T>>>
  dataset(path: string, type?: TypeSpec): Promise<unknown> {
    return this.later(this.#dataset(path, type))
  }

  datasetSync(path: string): Dataset
  datasetSync<const T extends TypeSpec>(path: string, type: T): Dataset<DataOf<T>>
  datasetSync(path: string, type?: TypeSpec): unknown {
    return runSync(this.#dataset(path, type))
  }

  /**
   * Yields each link with its object. Links that lead to no object or to another file are left out. Throws ERR_DAMAGED at an object
   * that cannot be opened; {@link verify} lists all of them.
   */
  async *entries(options: Ordered = {}): AsyncGenerator<[string, AnyObject]> {
    for (const name of await this.keys(options)) {
      const kind = await this.kind(name)
      if (kind !== null && kind !== 'external link') yield [name, await this.get(name)]
    }
  }

  *entriesSync(options: Ordered = {}): Generator<[string, AnyObject]> {
    for (const name of this.keysSync(options)) {
      const kind = this.kindSync(name)
      if (kind !== null && kind !== 'external link') yield [name, this.getSync(name)]
    }
  }

  /** Creates a group, and missing groups on its path. Throws ERR_EXISTS. */
  createGroup(path: string, options: GroupOptions = {}): Promise<Group> {
    return this.later(this.#createGroup(path, options))
  }

  createGroupSync(path: string, options: GroupOptions = {}): Group {
    return runSync(this.#createGroup(path, options))
  }

  /** Opens the group at `path`, and creates it if it does not exist. Throws ERR_FORMAT if there is another object. */
  requireGroup(path: string): Promise<Group> {
    return this.later(this.#requireGroup(path))
  }

  requireGroupSync(path: string): Group {
    return runSync(this.#requireGroup(path))
  }

  /**
   * Creates a dataset, and missing groups on its path, and writes `data`, if given. Throws ERR_EXISTS and ERR_INVALID_ARGUMENT. If
   * the data cannot be written, the dataset is removed.
   */
  createDataset<const T extends TypeSpec>(
    path: string,
    spec: DatasetSpec<T>,
    data?: WritableData,
  ): Promise<Dataset<DataOf<T>>> {
    return this.later(this.#createDataset<DataOf<T>>(path, spec, data))
  }

  createDatasetSync<const T extends TypeSpec>(
    path: string,
    spec: DatasetSpec<T>,
    data?: WritableData,
  ): Dataset<DataOf<T>> {
    return runSync(this.#createDataset<DataOf<T>>(path, spec, data))
  }

  /** Stores a type in the file as a named type. Throws ERR_EXISTS. */
  createType(path: string, type: TypeSpec): Promise<NamedType> {
    return this.later(this.#createType(path, type))
  }

  createTypeSync(path: string, type: TypeSpec): NamedType {
    return runSync(this.#createType(path, type))
  }

  /** Lists the links of the group, without following them. */
  links(options: Ordered = {}): Promise<LinkInfo[]> {
    return this.later(call('links.list', this.handle, options.order ?? 'name'))
  }

  linksSync(options: Ordered = {}): LinkInfo[] {
    return runSync(call('links.list', this.handle, options.order ?? 'name'))
  }

  /** The link at `path`, without following it. Throws ERR_NOT_FOUND. */
  link(path: string): Promise<LinkInfo> {
    return this.later(call('links.info', this.handle, path))
  }

  linkSync(path: string): LinkInfo {
    return runSync(call('links.info', this.handle, path))
  }

  /** Creates a hard, soft or external link, see {@link LinkTarget}. Throws ERR_EXISTS. */
  async createLink(path: string, target: LinkTarget): Promise<void> {
    await this.later(this.#createLink(path, target))
  }

  createLinkSync(path: string, target: LinkTarget): void {
    runSync(this.#createLink(path, target))
  }

  /** Deletes a link. An object is deleted together with the last hard link to it. Throws ERR_NOT_FOUND. */
  async delete(path: string): Promise<void> {
    await this.later(call('links.delete', this.handle, path))
  }

  deleteSync(path: string): void {
    runSync(call('links.delete', this.handle, path))
  }

  /** Renames or moves a link. Throws ERR_NOT_FOUND and ERR_EXISTS. */
  async move(from: string, to: string): Promise<void> {
    await this.later(call('links.move', this.handle, from, to))
  }

  moveSync(from: string, to: string): void {
    runSync(call('links.move', this.handle, from, to))
  }

  /** Copies the object at `from`, with everything below it, to `to`. Throws ERR_NOT_FOUND, ERR_EXISTS and ERR_DAMAGED. */
  async copy(from: string, to: string, options: CopyOptions = {}): Promise<void> {
    await this.later(this.#copy(from, to, options))
  }

  copySync(from: string, to: string, options: CopyOptions = {}): void {
    runSync(this.#copy(from, to, options))
  }

  /**
   * Lists everything in this group, at any depth, that exists but cannot be read: objects, lists of links, attributes. An empty list
   * means that every object can be opened and every attribute read. Does not follow links into other files and does not read the
   * values of datasets.
   */
  verify(): Promise<Damage[]> {
    return this.later(verifying(this))
  }

  verifySync(): Damage[] {
    return runSync(verifying(this))
  }

  /** @internal */
  opening(path: string): Operation<AnyObject> {
    return this.#get(path)
  }

  *#keys({ order = 'name' }: Ordered): Operation<string[]> {
    return names(yield* call('links.names', this.handle, order))
  }

  *#copy(from: string, to: string, { into = this, ...options }: CopyOptions): Operation<void> {
    try {
      yield* call('object.copy', this.handle, from, into.handle, to, options)
    } catch (error) {
      throw error instanceof H5TracksError && error.code === 'ERR_HDF5' ? yield* this.#uncopied(from, error) : error
    }
  }

  /** Finds the damaged objects of a group that could not be copied, because HDF5 does not name them. */
  *#uncopied(from: string, error: H5TracksError): Operation<H5TracksError> {
    const object = yield* this.#get(from)
    const damages = object instanceof Group ? yield* verifying(object) : []
    object.close()
    if (damages.length === 0) return error
    const places = damages.map(({ path, attribute }) => show(attribute === undefined ? path : `${path} @${attribute}`))
    return new H5TracksError(
      `${show(object.path)} of ${this.file.filename} cannot be copied completely: ${places.slice(0, 5).join(', ')}` +
        `${places.length > 5 ? ` and ${places.length - 5} more` : ''} cannot be read`,
      { ...error, code: 'ERR_DAMAGED' },
    )
  }

  *#get(path: string | Reference, expected: Expected | null = null): Operation<AnyObject> {
    if (path instanceof Reference) {
      const found = yield* call('reference.open', this.handle, path.to, path.bytes)
      return this.#opened(found, found.path)
    }
    if (typeof path !== 'string') throw invalidArgument('path', path, 'a string or a Reference')
    return this.#opened(yield* call('object.open', this.handle, path, expected), this.resolve(path))
  }

  #opened(found: Opened, path: string): AnyObject {
    const place = { file: this.file, path, handle: found.handle }
    if (found.kind === 'group') return new Group(place)
    const type = fromNative(found.type)
    return found.kind === 'dataset' ? new Dataset(place, type, found) : new NamedType(place, type)
  }

  *#as<O extends AnyObject>(wanted: new (...args: never[]) => O, path: string, what: Expected): Operation<O> {
    const object = yield* this.#get(path, what)
    if (object instanceof wanted) return object
    object.close()
    throw new H5TracksError(`${show(object.path)} of ${this.file.filename} is not a ${what}`, {
      code: 'ERR_FORMAT',
      path: this.file.filename,
    })
  }

  *#dataset(path: string, type?: TypeSpec): Operation<Dataset> {
    const dataset = yield* this.#as(Dataset, path, 'dataset')
    if (type !== undefined) dataset.expect(toType(type))
    return dataset
  }

  *#createGroup(path: string, options: GroupOptions): Operation<Group> {
    const handle = yield* call('group.create', this.handle, path, options)
    return new Group({ file: this.file, path: this.resolve(path), handle })
  }

  *#requireGroup(path: string): Operation<Group> {
    const kind = yield* call('links.kind', this.handle, path)
    return yield* kind === null ? this.#createGroup(path, {}) : this.#as(Group, path, 'group')
  }

  *#createDataset<D>(path: string, spec: DatasetSpec, data?: WritableData): Operation<Dataset<D>> {
    const { type, native, shape, maxShape, creation } = nativeSpec(spec, data)
    const handle = yield* call('dataset.create', this.handle, path, native, shape, maxShape, creation)
    const place = { file: this.file, path: this.resolve(path), handle }
    const dataset = new Dataset<D>(place, type, { shape, ...(maxShape && { maxShape }) })
    try {
      if (data !== undefined && shape) yield* dataset.first(data, shape)
      return dataset
    } catch (error) {
      // A dataset that could not be written completely is removed. `error` already says what was lost.
      try {
        dataset.close()
      } catch {}
      yield* call('links.delete', this.handle, path)
      throw error
    }
  }

  *#createType(path: string, spec: TypeSpec): Operation<NamedType> {
    const type = toType(spec)
    const handle = yield* call('type.create', this.handle, path, toNative(type))
    return new NamedType({ file: this.file, path: this.resolve(path), handle }, type)
  }

  *#createLink(path: string, target: LinkTarget): Operation<void> {
    yield* call('links.create', this.handle, path, target instanceof HObject ? target.handle : target)
  }

  /** @internal Makes a path relative to this group absolute. */
  resolve(path: string): string {
    const parts = (path.startsWith('/') ? path : `${this.path}/${path}`).split('/')
    return `/${parts.filter((part) => part !== '' && part !== '.').join('/')}`
  }
}
