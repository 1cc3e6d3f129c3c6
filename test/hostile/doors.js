// How a tour opens a file: in this process, or in one of its own. Plain JavaScript, for the programs that the runner starts.
import { File } from '../../dist/hdf5/file.js'
import { readTrackingResults, TrackingReader } from '../../dist/index.js'
import { UntrustedFile } from '../../dist/untrusted/file.js'

/** @typedef {import('./tour.js').Doors} Doors */

/** @type {Doors} */
export const here = {
  results: readTrackingResults,
  reader: (path) => new TrackingReader(path),
  file: (path) => new File(path),
}

// A tour opens three times at most, so three hangs stay below what the runner allows.
const limits = { bytes: 2 ** 28, seconds: 5 }

/** @type {Doors} */
export const elsewhere = {
  results: (path) => readTrackingResults(path, { untrusted: true, limits }),
  reader: (path) => TrackingReader.open(path, { untrusted: true, limits }),
  file: (path) => UntrustedFile.open(path, { limits }),
}
