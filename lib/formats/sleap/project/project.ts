/** SLEAP's projects: labelled and predicted instances of several videos. */
import type { FormatCode } from '../../core/format.js'
import { readSlp } from './read.js'
import { writeSlp } from './write.js'

export const project: FormatCode = {
  detect(probe) {
    const file = probe.hdf5()
    const isProject = file?.kindSync('frames') === 'dataset' && file.kindSync('instances') === 'dataset'
    if (isProject && file.kindSync('metadata') === 'group') return 1
    return file && probe.name.endsWith('.slp') ? 0.5 : 0
  },
  read: readSlp,
  write: writeSlp,
}
