import { invalidArgument } from '../../base/errors.js'
import type { FileOptions as FloorOptions } from '../../hdf5/index.js'
import type { Status } from '../values/types.js'
import { Group } from './classes.js'
import { bounds, type LIBVER_BOUND, type LIBVER_BOUNDS, nameOfBound } from './libver.js'
import { Opened } from './opened.js'

/** h5wasm's names of modes, with HDF5's of what they do. */
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
  /** Keep the order in which links and attributes are made. */
  track_order?: boolean
  /** One version for both bounds, or the lowest and the highest. */
  libver?: LIBVER_BOUNDS
  /** Not in h5wasm, which always does: follow links into other files, and read values that are kept in other files. */
  external?: boolean
  /** Not in h5wasm: open a file that its writer did not close, as it is; otherwise that is refused with ERR_NOT_CLOSED. */
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
  /** @deprecated Give `{ track_order }`. */
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

  /** The bounds in force: HDF5 raises the lower one where the file or the mode asks for it. */
  get libver(): [LIBVER_BOUND, LIBVER_BOUND] {
    const [low, high] = this.floorFile().creationSync().libver
    return [nameOfBound(low), nameOfBound(high)]
  }

  flush(): void {
    this.floorFile().flushSync()
  }

  /** From now on other processes may read what is flushed. */
  start_swmr_write(): Status {
    this.opened().startSwmr()
    return 0
  }

  close(): Status {
    this.opened().close()
    return 0
  }
}
