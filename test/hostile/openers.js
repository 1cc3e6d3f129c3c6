// How a tour opens a file: in this process, or in a child process. Plain JavaScript, for the programs that the runner starts.

import { UntrustedFile } from '../../dist/cli/info/untrusted-file.js'
import { File } from '../../dist/hdf5/objects/file.js'
import { readTrackingResults, TrackingReader } from '../../dist/index.js'

/** A file of h5tracks/hdf5 with the methods of an UntrustedFile. @param {File} file */
function asUntrusted(file) {
  /** @template T @param {string} path @param {(object: import('../../dist/hdf5/index.js').AnyObject) => T} ask */
  const of = (path, ask) => {
    const object = file.getSync(path)
    try {
      return ask(object)
    } finally {
      object.close()
    }
  }
  return {
    kind: (/** @type {string} */ path) => file.kind(path),
    children: (/** @type {string} */ path) => file.groupSync(path).keys(),
    attributeNames: (/** @type {string} */ path) => of(path, ({ attributes }) => attributes.keysSync()),
    attribute: (/** @type {string} */ path, /** @type {string} */ name) =>
      of(path, ({ attributes }) => attributes.getSync(name)),
    async dataset(/** @type {string} */ path) {
      const dataset = await file.dataset(path)
      return {
        info: () => dataset.details(),
        /** @param {number[]} [start] @param {number[]} [count] */
        read: (start, count) =>
          dataset.read(start?.map((from, axis) => ({ start: from, stop: from + (count?.[axis] ?? 1) }))),
      }
    },
    close: () => file.close(),
  }
}

/** @typedef {import('./tour.js').Openers} Openers */

/** @type {Openers} */
export const inThisProcess = {
  results: readTrackingResults,
  reader: (path) => new TrackingReader(path),
  file: (path) => asUntrusted(new File(path)),
}

// A tour opens a file three times at most, so three hangs stay below the limit of the runner.
const limits = { bytes: 2 ** 28, seconds: 5 }

/** @type {Openers} */
export const inChildProcess = {
  results: (path) => readTrackingResults(path, { untrusted: true, limits }),
  reader: (path) => TrackingReader.open(path, { untrusted: true, limits }),
  file: (path) => UntrustedFile.open(path, { limits }),
}
