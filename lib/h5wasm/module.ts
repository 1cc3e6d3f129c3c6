import { loadFilterPlugins } from '../hdf5/index.js'

/** h5wasm's file system. There is none here: files are Node's own (`node:fs`). */
export const FS = null

/** What is left of h5wasm's module, as there is no WebAssembly. */
export interface H5Module {
  readonly FS: typeof FS
  /** Errors are always thrown. */
  activate_throwing_error_handler(): number
  /** Errors are always thrown. */
  deactivate_throwing_error_handler(): number
  /** Lets HDF5 load filters from a directory of the caller's; all files of the process share it. */
  insert_plugin_search_path(search_path: string): number
}

export const Module: H5Module = {
  FS,
  activate_throwing_error_handler: () => 0,
  deactivate_throwing_error_handler: () => 0,
  insert_plugin_search_path(search_path) {
    loadFilterPlugins(search_path)
    return 0
  },
}

/** Nothing has to be waited for: it is there so that programs that wait go on. */
export const ready: Promise<H5Module> = Promise.resolve(Module)
