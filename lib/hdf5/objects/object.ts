/** The base of groups, datasets and named types. */
import type { NativeHandle, ObjectKind } from '../../native/native.js'
import { call, type Operation, runSync } from '../../native/operation.js'
import { Reference } from '../values/reference.js'
import { Attributes } from './attributes.js'
import type { File } from './file.js'

/** The file, path and open handle of an object. */
export interface ObjectPlace {
  file: File
  path: string
  handle: NativeHandle
}

/** General information about an object. */
export interface ObjectInfo {
  kind: ObjectKind
  /** Number of hard links to it. */
  links: number
  /** Number of its attributes. */
  attributes: number
  /** True for links and attributes whose creation order is tracked. */
  trackOrder: { links: boolean; attributes: boolean }
  /** Time of creation; null if the object does not store times. */
  created: Date | null
  /** Time of the last modification; null if the object does not store times. */
  modified: Date | null
  /** Identifies the object in its file: equal tokens mean the same object. */
  token: string
}

const date = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000))

/**
 * An open group, dataset or named type. Closing its file closes it too. After that, every method other than `close` throws
 * ERR_CLOSED.
 */
export abstract class HObject implements Disposable {
  readonly file: File
  /** The absolute path with which it was opened. */
  readonly path: string
  /** The attributes of the object. */
  readonly attributes: Attributes
  /** @internal */
  readonly handle: NativeHandle

  /** @internal A File passes no file: it is its own root group. */
  constructor({ file, path, handle }: Omit<ObjectPlace, 'file'> & { file?: File }) {
    this.file = file ?? (this as unknown as File)
    this.path = path
    this.handle = handle
    this.attributes = new Attributes(this)
  }

  /** The last part of {@link path}; '' for the root group. */
  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1)
  }

  get isOpen(): boolean {
    return this.handle.isOpen
  }

  /** Kind, number of links and attributes, times and token of the object. */
  info(): Promise<ObjectInfo> {
    return this.later(this.#info())
  }

  infoSync(): ObjectInfo {
    return runSync(this.#info())
  }

  *#info(): Operation<ObjectInfo> {
    const { created, modified, ...info } = yield* call('object.info', this.handle)
    return { ...info, created: date(created), modified: date(modified) }
  }

  /** The comment of the object (an old feature of HDF5); null if it has none. */
  comment(): Promise<string | null> {
    return this.later(call('object.comment', this.handle))
  }

  commentSync(): string | null {
    return runSync(call('object.comment', this.handle))
  }

  /** Sets the comment of the object; null removes it. */
  async setComment(text: string | null): Promise<void> {
    await this.later(call('object.setComment', this.handle, text))
  }

  setCommentSync(text: string | null): void {
    runSync(call('object.setComment', this.handle, text))
  }

  /** Makes a reference to the object, which can be stored in a dataset or attribute. */
  reference(): Promise<Reference> {
    return this.later(this.#reference())
  }

  referenceSync(): Reference {
    return runSync(this.#reference())
  }

  *#reference(): Operation<Reference> {
    return new Reference('object', new Uint8Array(yield* call('reference.object', this.handle)))
  }

  /**
   * Closes the object; the file stays open. A second call does nothing. Closing a dataset writes the values in its cache: it throws
   * ERR_HDF5 or a system error (ENOSPC) if that fails, but the dataset is closed and those values are lost.
   */
  close(): void {
    this.handle.close()
  }

  [Symbol.dispose](): void {
    this.handle.close()
  }

  /** @internal Runs an operation after the pending ones of the file. */
  later<T>(operation: Operation<T>): Promise<T> {
    return this.file.queue.run(operation)
  }
}
