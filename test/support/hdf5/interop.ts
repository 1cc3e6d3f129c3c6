import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { versions } from 'h5tracks'
import { ROOT } from '../process.js'
import { runPython } from '../python.js'

const directory = join(ROOT, '../shared/data/hdf5-interop')

/** A reason to skip, or undefined. */
export const interopAbsent: string | undefined = existsSync(directory)
  ? undefined
  : `skipped: the files of other projects are absent (${directory})`

// Printed, so that nobody takes a skipped test for a passed one.
if (interopAbsent) console.log(interopAbsent)

export const interopPath = (name: string): string => join(directory, name)

/** Names of small files of other projects that libhdf5 1.10.8 can read. */
export const interopFiles: readonly string[] = interopAbsent
  ? []
  : readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
      .sort()

/** Objects that HDF5 1.10 reads and unpatched 1.14 refuses, by file and path, with HDF5's reason. */
const refusedBy114: Record<string, Record<string, string>> = {
  'Apollo3zehn+PureHDF/tests/PureHDF.Tests/TestFiles/scaleoffset.h5': { '/minbits_full': 'filter returned failure' },
}

/** Those of them that the HDF5 under test refuses. */
export const refused: Record<string, Record<string, string>> = versions.hdf5.linked === 'static' ||
versions.hdf5.running.startsWith('1.10.')
  ? {}
  : refusedBy114

/**
 * Files with unlimited virtual datasets, whose extent depends on their source files: comparisons need permission to open other
 * files.
 */
export const readsOthers = (name: string): boolean => name.includes('/vds/')

/** A line of test/python/walk.py: one object or one attribute. */
export interface Line {
  path: string
  attribute?: string
  kind?: string
  value?: Value | null
  [what: string]: unknown
}

export interface Value {
  count: number
  raw?: string
  sha256?: string
  unreadable?: string
  head?: string[]
}

/** Walks files with h5py: the lines of each file by its path. */
export async function walkWithH5py(paths: readonly string[]): Promise<Map<string, Line[]>> {
  const files = new Map<string, Line[]>()
  let lines: Line[] = []
  for (const text of (await runPython('walk.py', paths)).split('\n')) {
    if (text === '') continue
    const line = JSON.parse(text) as Line & { file?: string }
    if (line.file !== undefined) {
      lines = []
      files.set(line.file, lines)
    } else lines.push(line)
  }
  return files
}
