/** The order in which h5wasm lists names. */
import { H5TracksError } from '../../base/errors.js'

/** An object with names, such as a group or attributes, that may track their creation order. */
interface Named {
  keysSync(options?: { order?: 'name' | 'creation' }): string[]
}

/** Names by creation order if the object tracks it, else by name, as h5wasm gives them. */
export function namesInOrder(holder: Named): string[] {
  try {
    return holder.keysSync({ order: 'creation' })
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'ERR_FORMAT') return holder.keysSync()
    throw error
  }
}
