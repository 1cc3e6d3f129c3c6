import { H5TracksError } from '../errors.js'
import { type DatasetSpec, type ElementType, type FileMode, type NativeFile, native } from '../native.js'
import { type AttributeValue, decodeAttribute, type EncodedAttribute } from './attributes.js'
import { Dataset } from './dataset.js'
import { toPath } from './path.js'

/**
 * An open HDF5 file. Objects in it are named by absolute paths (`/group/dataset`).
 * Closing it closes its datasets. Everything but `close` throws ERR_CLOSED afterwards.
 */
export class File implements Disposable {
  /** The file's name, as it was given. */
  readonly path: string
  /** @internal For what stands on this floor and hands whole blocks to native code. */
  readonly native: NativeFile

  /**
   * @param mode `'r'` read; `'r+'` read and write; `'x'` create, refused with EEXIST where there is a file already;
   *   `'w'` create, emptying what is there. Reading shares the file with other readers, the other modes share it with nobody.
   * @param options `ignoreJournal`: open to write (`'r+'`, `'w'`) also beside the journal of a writer that died, which cannot be
   *   applied afterwards; otherwise that is refused with ERR_NEEDS_RECOVERY.
   */
  constructor(path: string | URL, mode: FileMode = 'r', options: { ignoreJournal?: boolean } = {}) {
    this.path = toPath(path)
    this.native = new native.File(this.path, mode, options.ignoreJournal ?? false)
  }

  get isOpen(): boolean {
    return this.native.isOpen
  }

  /** Bytes of the file now. */
  size(): number {
    return this.#open().size()
  }

  /** What there is at `path`; `null` where there is nothing. */
  kind(path: string): 'group' | 'dataset' | 'datatype' | 'external link' | null {
    return this.#open().kind(path)
  }

  /** Names of the links in a group, in name order. */
  children(path: string): string[] {
    return this.#open().children(path)
  }

  /** Makes a group; the groups above it exist. */
  createGroup(path: string): void {
    this.#open().createGroup(path)
  }

  /** Makes a dataset holding its fill value; the groups above it exist. */
  createDataset(spec: DatasetSpec): void {
    this.#open().createDataset(spec)
  }

  /** Opens a dataset. `E` is the caller's claim about its elements; `info()` tells. */
  dataset<E extends ElementType = ElementType>(path: string): Dataset<E> {
    return new Dataset<E>(this, path, this.#open().openDataset(path))
  }

  /** Names of the attributes of the object at `path`. */
  attributeNames(path: string): string[] {
    return this.#open().attributeNames(path)
  }

  attribute(path: string, name: string): AttributeValue {
    return decodeAttribute(this.#open().readAttribute(path, name))
  }

  /** Makes an attribute from what `encodeAttribute` gives. */
  writeAttribute(path: string, name: string, { type, shape, values }: EncodedAttribute): void {
    this.#open().writeAttribute(path, name, type, shape, values)
  }

  /** Hands everything to the operating system (which is not yet the disk). */
  flush(): void {
    this.#open().flush()
  }

  /** Closes the file and its datasets; harmless when it is closed. */
  close(): void {
    this.native.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** @internal Throws ERR_CLOSED when the file is closed. */
  assertOpen(): void {
    this.#open()
  }

  #open(): NativeFile {
    if (this.native.isOpen) return this.native
    throw new H5TracksError(`${this.path} is closed`, { code: 'ERR_CLOSED', path: this.path })
  }
}
