import type { FileMode, NativeHandle } from '../../native/native.js'
import type { Operation } from '../../native/operation.js'

/**
 * An open object as the operations on it see it. The classes of objects know one another and these operations; the operations
 * know this interface.
 */
export interface OpenObject {
  readonly path: string
  readonly handle: NativeHandle
  readonly file: {
    readonly filename: string
    readonly mode: FileMode
    /** Whether other files may be opened because this one names them. */
    readonly followsOthers: boolean
  }
  /** A promise of what an operation comes to, after those that were asked of the file before. */
  later<T>(operation: Operation<T>): Promise<T>
}
