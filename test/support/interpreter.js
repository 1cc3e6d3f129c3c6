// Plain JavaScript, so that the long tests and the benchmark, which run without vitest, can import it as well.
import { execFileSync } from 'node:child_process'

/** The global set-up of vitest has found it (support/python-server.setup.ts). @type {string | undefined} */
let found = process.env.H5TRACKS_TEST_PYTHON

/** The first Python that can import h5py. Without one the tests that need it fail, since they would prove nothing. */
export function python() {
  const candidates = [process.env.H5TRACKS_PYTHON, '/usr/bin/python3', 'python3'].filter((path) => path !== undefined)
  found ??= candidates.find((candidate) => {
    try {
      execFileSync(candidate, ['-c', 'import h5py'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })
  if (!found) {
    throw new Error(`none of ${candidates.join(', ')} imports h5py: install python3-h5py or set H5TRACKS_PYTHON`)
  }
  return found
}
