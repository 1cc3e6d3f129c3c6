import { versions } from '../index.js'
import { labelled, print } from './terminal.js'

export function printVersions(): void {
  print(
    labelled([
      ['h5tracks', versions.h5tracks],
      ['HDF5', `${versions.hdf5.running} (built against ${versions.hdf5.built}), linked ${versions.hdf5.linked}`],
      ['filters', versions.hdf5.filters.join(', ')],
      ['codec', versions.codec],
      ['node', process.version],
    ]),
  )
}
