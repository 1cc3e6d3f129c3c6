/** The interface through which operations use an open object. */
import type { FileMode, NativeHandle } from '../../native/native.js'
import type { Operation } from '../../native/operation.js'
import type { RemoteFile } from '../../remote/remote-file.js'

/**
 * An open object. The classes of objects depend on one another and on the operations; the operations depend only on this interface,
 * so that there is no circle.
 */
export interface OpenObject {
  readonly path: string
  readonly handle: NativeHandle
  readonly file: {
    readonly filename: string
    readonly mode: FileMode
    /** True if other files that this one refers to may be opened. */
    readonly followsOthers: boolean
    /** Present in a file that was opened by its URL. */
    readonly remote?: RemoteFile | undefined
  }
  /** Runs an operation after the pending ones of the file. */
  later<T>(operation: Operation<T>): Promise<T>
}
