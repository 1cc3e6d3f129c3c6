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

/** What a link can lead to. */
export type AnyObject = Group | Dataset | NamedType

/** What a new link leads to: an object; a path in this file; a path in another file. */
export type LinkTarget = HObject | { readonly path: string } | { readonly file: string; readonly path: string }

export interface CopyOptions {
  /** Where it goes; absent: the group that is copied in. May be of another file. */
  into?: Group
  /** Only what lies directly in a copied group. */
  shallow?: boolean
  /** What soft links lead to in place of them. */
  expandSoftLinks?: boolean
  /** What external links lead to in place of them; needs a file opened with `external`. */
  expandExternalLinks?: boolean
  /** What references lead to comes along; otherwise they become null in another file. */
  expandReferences?: boolean
  withoutAttributes?: boolean
}

interface Ordered {
  /** 'creation' for groups that track it. */
  order?: 'name' | 'creation'
}

type Expected = 'group' | 'dataset' | 'named type'

/** A group: links by name, and attributes. Paths are relative to it, or absolute. */
export class Group extends HObject {
  /**
   * Names of its links. A byte of a name that is not in UTF-8 is a surrogate from U+DC80 to U+DCFF, as in h5py; such a name, as any,
   * leads back to its object.
   */
  keys(options: Ordered = {}): Promise<string[]> {
    return this.later(this.#keys(options))
  }

  keysSync(options: Ordered = {}): string[] {
    return runSync(this.#keys(options))
  }

  /** How many links it has. */
  size(): Promise<number> {
    return this.later(call('links.count', this.handle))
  }

  sizeSync(): number {
    return runSync(call('links.count', this.handle))
  }

  /**
   * What there is at `path`; null where there is nothing. External links are told, not followed, unless the file says so. Throws
   * ERR_DAMAGED for what is there and cannot be opened.
   */
  kind(path: string): Promise<'group' | 'dataset' | 'datatype' | 'external link' | null> {
    return this.later(call('links.kind', this.handle, path))
  }

  kindSync(path: string): 'group' | 'dataset' | 'datatype' | 'external link' | null {
    return runSync(call('links.kind', this.handle, path))
  }

  /** Whether there is anything at `path`. Throws ERR_DAMAGED for what cannot be opened. */
  async has(path: string): Promise<boolean> {
    return (await this.kind(path)) !== null
  }

  hasSync(path: string): boolean {
    return this.kindSync(path) !== null
  }

  /** Opens what is at `path`, or what a reference leads to. Throws ERR_NOT_FOUND; ERR_DAMAGED for what cannot be opened. */
  get(path: string | Reference): Promise<AnyObject> {
    return this.later(this.#get(path))
  }

  getSync(path: string | Reference): AnyObject {
    return runSync(this.#get(path))
  }

  /** As {@link get}; throws ERR_FORMAT where it is no group. */
  group(path: string): Promise<Group> {
    return this.later(this.#as(Group, path, 'group'))
  }

  groupSync(path: string): Group {
    return runSync(this.#as(Group, path, 'group'))
  }

  /** As {@link get}; throws ERR_FORMAT where it is no named type. */
  namedType(path: string): Promise<NamedType> {
    return this.later(this.#as(NamedType, path, 'named type'))
  }

  namedTypeSync(path: string): NamedType {
    return runSync(this.#as(NamedType, path, 'named type'))
  }

  /**
   * As {@link get}; throws ERR_FORMAT where it is no dataset, or, where a type is given, its values come in another form than
   * that type's: `file.dataset('x', 'float64')` gives Float64Arrays, whatever the byte order in the file.
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
   * Every link with what it leads to; those that lead nowhere, or to other files, are left out. Throws ERR_DAMAGED at what
   * cannot be opened; {@link verify} names all of that.
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

  /** Makes a group, and those on the way to it. Throws ERR_EXISTS. */
  createGroup(path: string, options: GroupOptions = {}): Promise<Group> {
    return this.later(this.#createGroup(path, options))
  }

  createGroupSync(path: string, options: GroupOptions = {}): Group {
    return runSync(this.#createGroup(path, options))
  }

  /** The group at `path`, made where there is none. */
  requireGroup(path: string): Promise<Group> {
    return this.later(this.#requireGroup(path))
  }

  requireGroupSync(path: string): Group {
    return runSync(this.#requireGroup(path))
  }

  /** Makes a dataset, and the groups on the way to it; with data it is written whole. Throws ERR_EXISTS. */
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

  /** Gives a type a place in the file. */
  createType(path: string, type: TypeSpec): Promise<NamedType> {
    return this.later(this.#createType(path, type))
  }

  createTypeSync(path: string, type: TypeSpec): NamedType {
    return runSync(this.#createType(path, type))
  }

  /** Its links as they are. */
  links(options: Ordered = {}): Promise<LinkInfo[]> {
    return this.later(call('links.list', this.handle, options.order ?? 'name'))
  }

  linksSync(options: Ordered = {}): LinkInfo[] {
    return runSync(call('links.list', this.handle, options.order ?? 'name'))
  }

  /** The link at `path` as it is. Throws ERR_NOT_FOUND. */
  link(path: string): Promise<LinkInfo> {
    return this.later(call('links.info', this.handle, path))
  }

  linkSync(path: string): LinkInfo {
    return runSync(call('links.info', this.handle, path))
  }

  /** Makes a link: hard to an object, soft to a path, external to a path in another file. Throws ERR_EXISTS. */
  async createLink(path: string, target: LinkTarget): Promise<void> {
    await this.later(this.#createLink(path, target))
  }

  createLinkSync(path: string, target: LinkTarget): void {
    runSync(this.#createLink(path, target))
  }

  /** Takes a link away; an object goes with the last hard link to it. Throws ERR_NOT_FOUND. */
  async delete(path: string): Promise<void> {
    await this.later(call('links.delete', this.handle, path))
  }

  deleteSync(path: string): void {
    runSync(call('links.delete', this.handle, path))
  }

  /** Gives a link another name or place. Throws ERR_NOT_FOUND and ERR_EXISTS. */
  async move(from: string, to: string): Promise<void> {
    await this.later(call('links.move', this.handle, from, to))
  }

  moveSync(from: string, to: string): void {
    runSync(call('links.move', this.handle, from, to))
  }

  /** Copies what is at `from`, with all that lies in it, to `to`. Throws ERR_NOT_FOUND, ERR_EXISTS and ERR_DAMAGED. */
  async copy(from: string, to: string, options: CopyOptions = {}): Promise<void> {
    await this.later(this.#copy(from, to, options))
  }

  copySync(from: string, to: string, options: CopyOptions = {}): void {
    runSync(this.#copy(from, to, options))
  }

  /**
   * All in this group, at any depth, that is there and cannot be read: objects, lists of links, attributes. Empty: every object can
   * be opened, and every attribute read. Follows no links into other files, and does not read the values of datasets.
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

  /** HDF5 does not say what in a group it could not copy. */
  *#uncopied(from: string, error: H5TracksError): Operation<H5TracksError> {
    const object = yield* this.#get(from)
    const damages = object instanceof Group ? yield* verifying(object) : []
    object.close()
    if (damages.length === 0) return error
    const places = damages.map(({ path, attribute }) => show(attribute === undefined ? path : `${path} @${attribute}`))
    return new H5TracksError(
      `${show(object.path)} of ${this.file.filename} cannot be copied whole: ${places.slice(0, 5).join(', ')}` +
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
      // What could not be written whole is not left behind.
      dataset.close()
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

  /** @internal The absolute path of what `path` names, seen from here. */
  resolve(path: string): string {
    const parts = (path.startsWith('/') ? path : `${this.path}/${path}`).split('/')
    return `/${parts.filter((part) => part !== '' && part !== '.').join('/')}`
  }
}
