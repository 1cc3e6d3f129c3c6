/** Tables of pandas in HDF5, in its two forms: 'table' (rows of a PyTables table) and 'fixed' (arrays for index, columns and blocks). */
import type { File } from '../../hdf5/objects/file.js'
import type { ForeignFile } from '../poses/input.js'
import { openFixed } from './pandas-fixed.js'
import { openRows } from './pandas-rows.js'
import type { DlcTable } from './table.js'

export interface PandasGroup {
  readonly key: string
  readonly form: 'table' | 'fixed'
}

/** The groups of a file that are tables of pandas. Throws the errors of HDF5. */
export function pandasGroups(file: File): PandasGroup[] {
  const groups: PandasGroup[] = []
  for (const key of file.keysSync()) {
    if (file.kindSync(key) !== 'group') continue
    using group = file.groupSync(key)
    const type = group.attributes.hasSync('pandas_type') ? String(group.attributes.getSync('pandas_type')) : ''
    if (type === 'frame_table' || type === 'frame') groups.push({ key, form: type === 'frame' ? 'fixed' : 'table' })
  }
  return groups
}

export async function openPandas(input: ForeignFile, { key, form }: PandasGroup): Promise<DlcTable> {
  return form === 'table' ? openRows(input, key) : openFixed(input, key)
}
