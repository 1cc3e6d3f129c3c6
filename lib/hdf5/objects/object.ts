import type { NativeHandle, ObjectKind } from '../../native/native.js'
import { call, type Operation, runSync } from '../../native/operation.js'
import { Reference } from '../values/reference.js'
import { Attributes } from './attributes.js'
import type { File } from './file.js'

/** @internal Where an object is, and the handle that is open on it. */
export interface ObjectPlace {
  file: File
  path: string
  handle: NativeHandle
}

/** What HDF5 knows of an object. */
export interface ObjectInfo {
  kind: ObjectKind
  /** Hard links that lead to it. */
  links: number
  attributes: number
  /** Whether the order is kept in which they were made. */
  trackOrder: { links: boolean; attributes: boolean }
  /** Where the file tracks times. */
  created: Date | null
  modified: Date | null
  /** Equal for two ways to one object of a file. */
  token: string
}

const date = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000))

/**
 * A group, a dataset or a named type that is open. It is closed with its file, or before: everything but `close` throws
 * ERR_CLOSED then.
 */
export abstract class HObject implements Disposable {
  readonly file: File
  /** Absolute, as it was opened. */
  readonly path: string
  /** Its attributes. */
  readonly attributes: Attributes
  /** @internal */
  readonly handle: NativeHandle

  /** @internal A file, which is its root group, is in itself. */
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

  /** The comment that it has, an old feature of HDF5; null where it has none. */
  comment(): Promise<string | null> {
    return this.later(call('object.comment', this.handle))
  }

  commentSync(): string | null {
    return runSync(call('object.comment', this.handle))
  }

  /** Gives it a comment; null takes it away. */
  async setComment(text: string | null): Promise<void> {
    await this.later(call('object.setComment', this.handle, text))
  }

  setCommentSync(text: string | null): void {
    runSync(call('object.setComment', this.handle, text))
  }

  /** A reference to it, which can be a value of a dataset or attribute. */
  reference(): Promise<Reference> {
    return this.later(this.#reference())
  }

  referenceSync(): Reference {
    return runSync(this.#reference())
  }

  *#reference(): Operation<Reference> {
    return new Reference('object', new Uint8Array(yield* call('reference.object', this.handle)))
  }

  /** Closes it; harmless when it is closed. The file stays open. */
  close(): void {
    this.handle.close()
  }

  [Symbol.dispose](): void {
    this.handle.close()
  }

  /** @internal A promise of what this operation comes to, after those that were asked of the file before. */
  later<T>(operation: Operation<T>): Promise<T> {
    return this.file.queue.run(operation)
  }
}
