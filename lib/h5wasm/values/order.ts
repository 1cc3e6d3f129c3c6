import { H5TracksError } from '../../base/errors.js'

/** What has names, and maybe the order in which they were made. */
interface Named {
  keysSync(options?: { order?: 'name' | 'creation' }): string[]
}

/** Names in the order in which they were made where the file tracks it, as h5wasm gives them; else by name. */
export function namesInOrder(holder: Named): string[] {
  try {
    return holder.keysSync({ order: 'creation' })
  } catch (error) {
    if (error instanceof H5TracksError && error.code === 'ERR_FORMAT') return holder.keysSync()
    throw error
  }
}
