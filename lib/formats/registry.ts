/** The list of formats. Their code is loaded when it is needed, so that the list costs nothing. */
import type { Format } from './core/format.js'
import { lazily } from './core/lazily.js'
import { poseFormats } from './registry-poses.js'
import { tableFormats } from './registry-tables.js'
import { trackerFormats } from './registry-trackers.js'

/** All formats. Of two with the same extension, the first is the one that the name of an output means. */
export const formats: readonly Format[] = [
  lazily(
    {
      name: 'h5tracks',
      title: 'h5tracks HDF5 of any layout, AquaPose tracking and midline HDF5',
      extensions: ['.h5', '.hdf5'],
      content: ['hdf5'],
      reads: ['acceptLoss'],
      writes: ['chunkFrames', 'small', 'tracking'],
    },
    async () => (await import('./store/store.js')).store,
  ),
  lazily(
    {
      name: 'aquapose',
      title: 'AquaPose tracking HDF5 (read as h5tracks)',
      extensions: ['.tracking.h5'],
      content: ['hdf5'],
      writes: ['chunkFrames', 'small'],
    },
    async () => (await import('./store/aquapose-format.js')).aquapose,
  ),
  ...tableFormats,
  ...poseFormats,
  ...trackerFormats,
]
