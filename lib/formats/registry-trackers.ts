/** The formats of trackers and of programs that analyse their results. */
import type { Format } from './core/format.js'
import { lazily } from './core/lazily.js'

export const trackerFormats: readonly Format[] = [
  lazily(
    {
      name: 'idtracker',
      title: 'idtracker.ai trajectories: npy, pickle, HDF5, CSV, or a folder of a session',
      extensions: ['.npy', '.pickle', '.h5', '.csv'],
      content: ['binary', 'hdf5', 'text', 'folder'],
      reads: ['fps'],
    },
    async () => (await import('./idtracker/idtracker.js')).idtracker,
  ),
  lazily(
    { name: 'jabs', title: 'JABS pose HDF5, versions 2 to 8', extensions: ['.h5'], content: ['hdf5'], reads: ['fps'] },
    async () => (await import('./jabs/jabs.js')).jabs,
  ),
  lazily(
    {
      name: 'anipose',
      title: 'sleap-anipose points3d HDF5',
      extensions: ['points3d.h5'],
      content: ['hdf5'],
      reads: ['fps'],
    },
    async () => (await import('./anipose/anipose.js')).anipose,
  ),
  lazily(
    {
      name: 'trex',
      title: 'TRex tables of one animal each, CSV or npz, or the folder of all',
      extensions: ['.npz', '.csv'],
      content: ['text', 'binary', 'folder'],
      reads: ['fps'],
    },
    async () => (await import('./trex/trex.js')).trex,
  ),
  lazily(
    {
      name: 'movement',
      title: 'movement netCDF-4: poses or bounding boxes',
      extensions: ['.nc', '.netcdf'],
      content: ['hdf5', 'binary'],
      reads: ['fps'],
      writes: ['fps', 'camera'],
    },
    async () => (await import('./movement/movement.js')).movement,
  ),
  lazily(
    {
      name: 'nwb',
      title: 'NWB with poses (ndx-pose PoseEstimation)',
      extensions: ['.nwb'],
      content: ['hdf5'],
      reads: ['fps'],
      writes: ['fps', 'camera'],
    },
    async () => (await import('./nwb/nwb.js')).nwb,
  ),
  lazily(
    {
      name: 'arrow',
      title: 'Arrow IPC: a long table in one file (needs apache-arrow)',
      extensions: ['.arrow', '.feather', '.arrows'],
      content: ['binary'],
      writes: [],
    },
    async () => (await import('./arrow/arrow.js')).arrow,
  ),
]
