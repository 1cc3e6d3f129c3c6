/** The formats of programs that estimate poses. */
import type { Format } from './core/format.js'
import { lazily } from './core/lazily.js'

export const poseFormats: readonly Format[] = [
  lazily(
    {
      name: 'sleap-analysis',
      title: 'SLEAP analysis HDF5',
      extensions: ['.analysis.h5'],
      content: ['hdf5'],
      reads: ['fps'],
      writes: ['camera'],
    },
    async () => (await import('./sleap/analysis/analysis.js')).analysis,
  ),
  lazily(
    {
      name: 'sleap',
      title: 'SLEAP project',
      extensions: ['.slp'],
      content: ['hdf5'],
      reads: ['fps'],
      writes: ['camera'],
    },
    async () => (await import('./sleap/project/project.js')).project,
  ),
  lazily(
    {
      name: 'deeplabcut-csv',
      title: 'DeepLabCut CSV',
      extensions: ['dlc.csv'],
      content: ['text'],
      reads: ['fps'],
      writes: ['camera'],
    },
    async () => (await import('./dlc/csv.js')).dlcCsv,
  ),
  lazily(
    {
      name: 'deeplabcut',
      title: 'DeepLabCut HDF5 (pandas)',
      extensions: ['dlc.h5'],
      content: ['hdf5'],
      reads: ['fps'],
      writes: ['camera'],
    },
    async () => (await import('./dlc/hdf5.js')).dlcHdf5,
  ),
]
