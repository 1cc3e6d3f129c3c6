import { loadFilterPlugins } from '../hdf5/index.js'

/** What is left of h5wasm's module: there is no WebAssembly, and no file system beside Node's own. */
export interface H5Module {
  /** Errors are always thrown. */
  activate_throwing_error_handler(): number
  deactivate_throwing_error_handler(): number
  /** Lets HDF5 load filters from a directory of the caller's. */
  insert_plugin_search_path(search_path: string): number
}

const module: H5Module = {
  activate_throwing_error_handler: () => 0,
  deactivate_throwing_error_handler: () => 0,
  insert_plugin_search_path(search_path) {
    loadFilterPlugins(search_path)
    return 0
  },
}

/** Nothing has to be waited for: it is there so that programs that wait go on. */
export const ready: Promise<H5Module> = Promise.resolve(module)
