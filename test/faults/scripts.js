// The work of the programs under test, and the part of it in which the faults happen.

/**
 * @typedef {object} Job the argument of programs/write.js
 * @property {number} seed
 * @property {(number | { batch: number } | 'drain' | 'flush' | 'close' | 'die')[]} steps
 * @property {boolean} [layouts] the file has random layouts, which follow from the seed
 * @property {boolean} [resume]
 * @property {Record<string, unknown>} [after] the process has written a file elsewhere before, with these options in addition
 * @property {Record<string, unknown>} [options] of the writer
 * @property {string} [log] the path of its log; H5TRACKS_FAULT_LOG by default
 *
 * @typedef {object} Script
 * @property {string} name
 * @property {Job[]} jobs they run one after the other on the same path; only the last one has faults
 * @property {boolean} [recover] the last program is `recover`, not a job
 * @property {number} [from] the faults begin after this many accepted frames
 */

const drained = (/** @type {number} */ blocks, /** @type {number} */ frames) =>
  Array.from({ length: blocks }, () => /** @type {(number | 'drain')[]} */ ([frames, 'drain'])).flat()

const four = { chunkFrames: 4 }
const two = { chunkFrames: 2 }

/** HDF5 splits the index of a dataset's chunks at the 65th. */
/** @type {Script[]} */
export const SCRIPTS = [
  { name: 'first blocks', jobs: [{ seed: 1, steps: drained(4, 4), options: four }] },
  { name: 'blocks in a row', jobs: [{ seed: 2, steps: [41, 'close'], options: four }] },
  {
    name: 'index split',
    jobs: [{ seed: 3, steps: [120, 'drain', ...drained(9, 2), 3, 'close'], options: two }],
    from: 120,
  },
  { name: 'partial tail', jobs: [{ seed: 4, steps: [4, 'drain', 3, 'close'], options: four }] },
  { name: 'flush', jobs: [{ seed: 5, steps: [3, 'flush', 2, 'flush', 'flush', 4, 'flush', 'close'], options: four }] },
  { name: 'second file', jobs: [{ seed: 11, steps: [3, 'drain', 9, 'close'], options: four, after: {} }] },
  {
    name: 'second file, other metadata',
    jobs: [{ seed: 12, steps: [3, 'drain', 9, 'close'], options: four, after: { metadata: { source: 'first' } } }],
  },
  {
    name: 'overwrite',
    jobs: [
      { seed: 6, steps: [9, 'close'], options: four },
      { seed: 7, steps: [6, 'close'], options: { ...four, overwrite: true } },
    ],
  },
  {
    name: 'recover',
    jobs: [{ seed: 8, steps: [135, 'die'], options: two }],
    recover: true,
  },
  {
    name: 'resume closed',
    jobs: [
      { seed: 9, steps: [130, 'close'], options: two },
      { seed: 9, steps: [7, 'close'], options: two, resume: true },
    ],
  },
  {
    name: 'resume killed',
    jobs: [
      { seed: 10, steps: [22, 'die'], options: four },
      { seed: 10, steps: [7, 'close'], options: four, resume: true },
    ],
  },
]
