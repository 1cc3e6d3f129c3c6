/** Poses in NWB files, as the extension ndx-pose (0.1 to 0.3) has them: PoseEstimation with a series for each node. */
import { H5TracksError } from '../../base/errors.js'
import type { FormatCode } from '../core/format.js'
import { readNwb } from './read.js'
import { writeNwb } from './write.js'

export const nwb: FormatCode = {
  detect(probe) {
    try {
      const file = probe.hdf5()
      return file?.attributes.hasSync('nwb_version') ? 1 : 0
    } catch (error) {
      if (error instanceof H5TracksError) return 0
      throw error
    }
  },
  read: readNwb,
  write: writeNwb,
}
