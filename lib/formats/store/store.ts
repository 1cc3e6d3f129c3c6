/** h5tracks files of any layout, AquaPose's files among them: in and out. */

import { groupsIn } from '../../frames/file/described.js'
import { midlineLayout } from '../../layouts/midline.js'
import { trackingLayout } from '../../layouts/tracking.js'
import type { FormatCode } from '../core/format.js'
import { readStore } from './read.js'
import { writeStore } from './write.js'

const aquaPose = [trackingLayout.root, midlineLayout.root]

export const store: FormatCode = {
  detect(probe) {
    const file = probe.hdf5()
    const groups = file ? groupsIn(file) : []
    if (groups.length === 0) return 0
    // Other programs may have groups of AquaPose's names.
    return groups.some((group) => !aquaPose.includes(group)) || aquaPose.some((group) => hasIndex(probe, group)) ? 1 : 0
  },
  read: readStore,
  write: writeStore,
}

function hasIndex(probe: Parameters<FormatCode['detect']>[0], group: string): boolean {
  return probe.hdf5()?.kindSync(`${group}/frame_index`) === 'dataset'
}
