/** Pose files of JABS, versions 2 to 8. (Source: the readers in JABS-behavior-classifier.) */
import { H5TracksError } from '../../base/errors.js'
import type { FormatCode } from '../core/format.js'
import { readJabs } from './read.js'

export const jabs: FormatCode = {
  detect(probe) {
    try {
      return probe.hdf5()?.kindSync('poseest/points') === 'dataset' ? 1 : 0
    } catch (error) {
      if (error instanceof H5TracksError) return 0
      throw error
    }
  },
  read: readJabs,
}
