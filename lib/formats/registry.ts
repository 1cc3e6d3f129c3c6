/** The list of formats. Their code is loaded when it is needed, so that the list costs nothing. */
import type { Format, FormatCode, FormatInfo } from './core/format.js'

function lazily(info: FormatInfo, load: () => Promise<FormatCode>): Format {
  let loaded: Promise<FormatCode> | undefined
  const code = () => (loaded ??= load())
  return {
    ...info,
    async detect(probe) {
      return (await code()).detect(probe)
    },
    ...(info.reads && { read: async (path, options) => (await code()).read!(path, options) }),
    ...(info.writes && {
      write: async (recordings, path, options) => (await code()).write!(recordings, path, options),
    }),
  }
}

/** All formats. Of two with the same extension, the first is the one that the name of an output means. */
export const formats: readonly Format[] = [
  lazily(
    {
      name: 'h5tracks',
      title: 'h5tracks HDF5 of any layout, AquaPose tracking and midline HDF5',
      extensions: ['.h5', '.hdf5'],
      content: ['hdf5'],
      reads: ['acceptLoss'],
      writes: ['chunkFrames', 'small'],
    },
    async () => (await import('./store/store.js')).store,
  ),
  lazily(
    {
      name: 'sleap-analysis',
      title: 'SLEAP analysis HDF5',
      extensions: ['.analysis.h5'],
      content: ['hdf5'],
      reads: ['fps'],
    },
    async () => (await import('./sleap/analysis.js')).analysis,
  ),
  lazily(
    { name: 'sleap', title: 'SLEAP project', extensions: ['.slp'], content: ['hdf5'], reads: ['fps'] },
    async () => (await import('./sleap/project.js')).project,
  ),
]
