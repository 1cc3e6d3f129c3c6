/** SLEAP's analysis files: matrices of keypoints in HDF5, for one video. */
import type { FormatCode } from '../../core/format.js'
import { readAnalysis } from './read.js'
import { writeAnalysis } from './write.js'

export const analysis: FormatCode = {
  detect(probe) {
    const file = probe.hdf5()
    if (file?.kindSync('tracks') !== 'dataset') return 0
    if (file.kindSync('track_occupancy') === 'dataset') return 1
    return file.kindSync('node_names') === 'dataset' && file.kindSync('point_scores') === 'dataset' ? 0.9 : 0
  },
  read: readAnalysis,
  write: writeAnalysis,
}
