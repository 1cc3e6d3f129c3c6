/** Files of movement: netCDF-4 with poses or bounding boxes. */
import { H5TracksError } from '../../base/errors.js'
import type { FormatCode } from '../core/format.js'
import { Probe } from '../core/probe.js'
import { formatProblem } from '../core/problem.js'
import { readMovement } from './read.js'
import { writeMovement } from './write.js'

/** Older netCDF is no HDF5: 'CDF' and a version. */
const isClassic = (head: Uint8Array): boolean =>
  head[0] === 0x43 && head[1] === 0x44 && head[2] === 0x46 && [1, 2, 5].includes(head[3] ?? 0)

export const movement: FormatCode = {
  detect(probe) {
    if (isClassic(probe.head)) return 0.5
    try {
      const file = probe.hdf5()
      const needed = ['position', 'time', 'space', 'individuals']
      if (!file || needed.some((name) => file.kindSync(name) !== 'dataset')) return 0
      return file.attributes.hasSync('ds_type') ? 1 : 0.8
    } catch (error) {
      if (error instanceof H5TracksError) return 0
      throw error
    }
  },
  async read(path, options) {
    using probe = await Probe.open(path)
    if (!isClassic(probe.head)) return readMovement(path, options)
    const remedy = "save it again with ds.to_netcdf(path, engine='netcdf4')"
    throw formatProblem(path, undefined, 'it is netCDF-3, which movement does not write', remedy)
  },
  write: writeMovement,
}
