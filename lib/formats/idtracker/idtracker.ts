/** Trajectories of idtracker.ai: pickled, HDF5 or CSV, and the folders in which it writes them. */
import { statSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'
import type { FormatCode, ReadOptions, Source } from '../core/format.js'
import { Probe } from '../core/probe.js'
import { isNpy } from '../numpy/npy.js'
import { fileOf, within } from './folder.js'
import { readHdf5 } from './hdf5.js'
import { readPickled } from './pickled.js'
import { columnsOf, readTable } from './tables.js'

/** The name as it stands in a pickle. */
const mention = Buffer.from('trajectories')

export const idtracker: FormatCode = {
  detect(probe) {
    if (probe.entries) return within(probe.path) ? 0.9 : 0
    const text = probe.text()
    if (text !== undefined) return detectText(probe, text.split(/\r?\n/, 1)[0] ?? '')
    const hdf5 = probe.hdf5()
    if (hdf5) return detectHdf5(hdf5)
    const { head } = probe
    if (isNpy(head)) return detectNpy(Buffer.from(head.subarray(0, 256)).toString('latin1'))
    return head[0] === 0x80 && Buffer.from(head).includes(mention) ? 0.9 : 0
  },
  async read(path, options): Promise<Source> {
    const file = statSync(path).isDirectory() ? fileOf(path, options) : path
    return reader(await contentOf(file))(file, options)
  },
}

type Reader = (path: string, options: ReadOptions) => Promise<Source>

const reader = (content: string): Reader =>
  content === 'hdf5' ? readHdf5 : content === 'text' ? readTable : readPickled

async function contentOf(path: string): Promise<string> {
  using probe = await Probe.open(path)
  return probe.content
}

/** A dict, or an array [frames, animals, 2] of numbers. */
function detectNpy(header: string): number {
  if (/'descr':\s*'\|?O/.test(header)) return 0.9
  return /'descr':\s*'[<>=]f/.test(header) && /'shape':\s*\(\d+, \d+, 2\)/.test(header) ? 0.6 : 0
}

function detectText({ name }: Probe, header: string): number {
  const columns = columnsOf(header)
  if (!columns) return 0
  return name.includes('traject') ? 0.95 : 0.6
}

function detectHdf5(file: NonNullable<ReturnType<Probe['hdf5']>>): number {
  try {
    if (file.kindSync('trajectories') !== 'dataset') return 0
    const shape = file.datasetSync('trajectories').shapeSync()
    if (shape?.length !== 3 || shape[2] !== 2) return 0
    return file.attributes.hasSync('frames_per_second') || file.kindSync('id_probabilities') === 'dataset' ? 1 : 0.7
  } catch (error) {
    if (error instanceof H5TracksError) return 0
    throw error
  }
}
