/** DeepLabCut's HDF5 files, which pandas writes. */
import type { FormatCode, ReadOptions, Source } from '../core/format.js'
import type { Probe } from '../core/probe.js'
import { openSource } from '../poses/input.js'
import { openPandas, pandasGroups } from './pandas-table.js'
import { writePandas } from './pandas-write.js'
import { recordingsOf } from './recordings.js'

export const dlcHdf5: FormatCode = { detect, read, write: writePandas }

function detect(probe: Probe): number {
  const file = probe.hdf5()
  if (!file) return 0
  const groups = pandasGroups(file)
  return groups.some(({ key, form }) => {
    using group = file.groupSync(key)
    if (form === 'fixed') return Number(attribute(group, 'axis0_nlevels') ?? 0) >= 3
    return (
      String(attribute(group, 'non_index_axes')).includes('likelihood') ||
      String(attribute(group, 'info')).includes('bodyparts')
    )
  })
    ? 1
    : 0
}

function attribute(group: ReturnType<NonNullable<ReturnType<Probe['hdf5']>>['groupSync']>, name: string): unknown {
  return group.attributes.hasSync(name) ? group.attributes.getSync(name) : undefined
}

function read(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, async (input) => {
    const groups = await input.guarded('/', async () => pandasGroups(input.file))
    if (groups.length === 0) {
      throw input.problem('/', 'there is no group that pandas wrote (pandas_type)', 'is it an HDF5 file of DeepLabCut?')
    }
    const recordings = []
    for (const group of groups) {
      const table = await openPandas(input, group)
      recordings.push(...(await recordingsOf(path, groups.length === 1 ? { ...table, key: '' } : table, options)))
    }
    return recordings
  })
}
