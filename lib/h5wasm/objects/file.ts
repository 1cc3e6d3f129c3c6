/** h5wasm's `File`. */
import { invalidArgument } from '../../base/errors.js'
import type { FileOptions as FloorOptions } from '../../hdf5/index.js'
import type { Status } from '../values/types.js'
import { Group } from './classes.js'
import { bounds, type LIBVER_BOUND, type LIBVER_BOUNDS, nameOfBound } from './libver.js'
import { Opened } from './opened.js'

/** h5wasm's names of the access modes, with the HDF5 flags that they stand for. */
export const ACCESS_MODES = {
  r: 'H5F_ACC_RDONLY',
  a: 'H5F_ACC_RDWR',
  w: 'H5F_ACC_TRUNC',
  x: 'H5F_ACC_EXCL',
  Sa: 'ACC_SWMR_APPEND',
  Sr: 'H5F_ACC_SWMR_READ',
} as const

export type ACCESS_MODESTRING = keyof typeof ACCESS_MODES

export interface FileOptions {
  /** Track the creation order of links and attributes. */
  track_order?: boolean
  /** HDF5 format versions of new objects: one for both bounds, or the lowest and the highest. */
  libver?: LIBVER_BOUNDS
  /** Follow external links, and read values stored in other files. h5wasm always does so and does not have this option. */
  external?: boolean
  /** Open a file that its writer did not close, in its present state, instead of refusing it with ERR_NOT_CLOSED. Not in h5wasm. */
  acceptLoss?: boolean
}

const modes = {
  r: { mode: 'r' },
  a: { mode: 'r+' },
  w: { mode: 'w' },
  x: { mode: 'x' },
  Sa: { mode: 'r+', swmr: true },
  Sr: { mode: 'r', swmr: true },
} as const

/** An open file and its root group. Throws what the constructor of `File` in `h5tracks/hdf5` throws. */
export class File extends Group {
  filename: string
  mode: ACCESS_MODESTRING

  constructor(filename: string, mode?: ACCESS_MODESTRING, options?: FileOptions)
  /** @deprecated Pass `{ track_order }`. */
  constructor(filename: string, mode?: ACCESS_MODESTRING, track_order?: boolean)
  constructor(filename: string, mode: ACCESS_MODESTRING = 'r', options: FileOptions | boolean = {}) {
    if (!Object.hasOwn(modes, mode)) throw invalidArgument('mode', mode, `one of ${Object.keys(modes).join(', ')}`)
    const { mode: own, ...swmr } = { swmr: false, ...modes[mode] }
    const {
      track_order = false,
      libver,
      external = false,
      acceptLoss = false,
    } = typeof options === 'boolean' ? { track_order: options } : options
    const floor: FloorOptions = { ...swmr, trackOrder: track_order, external, acceptLoss, libver: bounds(libver) }
    super(new Opened(filename, own, floor), '/')
    this.filename = filename
    this.mode = mode
  }

  /** The bounds in force. HDF5 raises the lower one if the file or the mode requires it. */
  get libver(): [LIBVER_BOUND, LIBVER_BOUND] {
    const [low, high] = this.floorFile().creationSync().libver
    return [nameOfBound(low), nameOfBound(high)]
  }

  flush(): void {
    this.floorFile().flushSync()
  }

  /** Starts SWMR writing: other processes may read what is flushed from now on. */
  start_swmr_write(): Status {
    this.opened().startSwmr()
    return 0
  }

  close(): Status {
    this.opened().close()
    return 0
  }
}
