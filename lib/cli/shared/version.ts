/** Prints what `--version` asks for. */
import { versions } from '../../native/versions.js'
import { labelled, print } from './terminal.js'

const named = (filter: string) => (versions.hdf5.writableFilters.includes(filter) ? filter : `${filter} (read only)`)

export function printVersions(): void {
  print(
    labelled([
      ['h5tracks', versions.h5tracks],
      ['HDF5', `${versions.hdf5.running} (built against ${versions.hdf5.built}), linked ${versions.hdf5.linked}`],
      ['filters', versions.hdf5.filters.map(named).join(', ')],
      ['codec', versions.codec],
      ['node', process.version],
    ]),
  )
}
