import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import LongestFirst from './test/support/longest-first.js'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Node 20 parses this file at every start, which takes 80 ms, and the tests start thousands. Only npm needs it
// (test/build/support.ts).
process.env.H5TRACKS_TEST_CA_CERTS ??= process.env.NODE_EXTRA_CA_CERTS ?? ''
delete process.env.NODE_EXTRA_CA_CERTS

// The tests run what ships: the compiled library, in builds against both kinds of HDF5 (`npm test` makes them first).
const library = {
  include: ['test/**/*.test.ts'],
  exclude: ['test/build/**'],
  server: { deps: { external: [/\/dist\//] } },
  globalSetup: ['test/support/no-hdf5-diag.ts', 'test/support/python-server.setup.ts'],
  // Many tests wait for a disk or for another process; without one worker more than cores, a core would wait with them.
  maxWorkers: availableParallelism() + 1,
  // Well above the limit that the tests set to the programs they start: a busy machine is no failure.
  testTimeout: 600_000,
  hookTimeout: 600_000,
}

export default defineConfig({
  resolve: {
    alias: [
      { find: /^h5tracks$/, replacement: here('dist/library/index.js') },
      { find: /^h5tracks\/(\w+)$/, replacement: `${here('dist/library')}/$1.js` },
    ],
  },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'bundled', ...library, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'system',
          ...library,
          // Those that need no addon, or stand on what is tested here already: one HDF5 is as good as the other.
          exclude: [
            ...library.exclude,
            ...['identity', 'batch', 'h5wasm', 'docs', 'examples', 'cli', 'view', 'formats', 'edit', 'calibration'].map(
              (chapter) => `test/${chapter}/**`,
            ),
          ],
          env: { H5TRACKS_ADDON: here('build-system/Release/h5tracks.node') },
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'package',
          include: ['test/build/**/*.test.ts'],
          globalSetup: 'test/build/package.setup.ts',
          testTimeout: 900_000,
          hookTimeout: 900_000,
          maxWorkers: availableParallelism() + 1,
          // After the others: it compiles with all cores.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
