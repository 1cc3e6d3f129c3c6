import { File } from 'h5tracks/hdf5'
import { beforeAll, describe, expect, test } from 'vitest'
import { copyByParts } from '../../support/hdf5/copy.js'
import { h5dumpText } from '../../support/hdf5/h5dump-text.js'
import {
  interopAbsent,
  interopFiles,
  interopPath,
  type Line,
  refused,
  walkWithH5py,
} from '../../support/hdf5/interop.js'
import { expectSameLines } from '../../support/hdf5/same-lines.js'
import { ourLines } from '../../support/hdf5/walk.js'
import { runPython } from '../../support/python.js'
import { scratch } from '../../support/scratch.js'

// Types, properties and values that are read describe a file completely: a copy made from them, object by object, is the
// same file for h5dump and h5py.

async function copied(path: string): Promise<string> {
  const copy = scratch('copy.h5')
  using from = new File(path)
  using to = new File(copy, 'w')
  await copyByParts(from, to)
  return copy
}

describe('a file with every type, layout and filter of h5py', () => {
  const path = scratch('types.h5')
  beforeAll(() => runPython('make_types.py', [path]))

  test('a file with every type, layout and filter of h5py is read as h5py reads it', async () => {
    const ours = await ourLines(path)
    const { objects, attributes, unread } = expectSameLines(ours, (await walkWithH5py([path])).get(path)!)
    expect({ objects, attributes, unread }).toEqual({ objects: 149, attributes: 119, unread: [] })
  })

  test('h5dump prints the same for a copy of a file with every type, layout and filter of h5py', async () => {
    // References are addresses: they are compared below.
    const everything = ['/types', '/layouts', '/fill', '/spaces', '/named']
    const options = everything.flatMap((group) => (group === '/named' ? ['-t', group] : ['-g', group]))
    expect(await h5dumpText(await copied(path), ...options)).toBe(await h5dumpText(path, ...options))
  })
})

const isCopied = ({ type }: Line) => !JSON.stringify(type ?? null).includes('"to":"region"')

/** Files that cannot be copied: the sources of virtual datasets are absent, and lzf cannot be written. */
const readOnly = ['vds/5_vds.h5', 'vds/vds-eiger.h5', 'vds/vds-percival-unlim-maxmin.h5', 'lzf/u8_noise.h5']
const files = interopFiles.filter((name) => !(name in refused) && !readOnly.some((end) => name.endsWith(end)))

/** A line without the raw bytes of its value, which may differ: references are addresses, and compounds have padding. */
function values(line: Line): Line {
  if (!line.value?.sha256) return line
  const { count, sha256 } = line.value
  return { ...line, value: { count, sha256 } }
}

describe.skipIf(interopAbsent)('files of other projects', () => {
  const copies = new Map<string, string | Error>()
  let lines: Map<string, Line[]>
  beforeAll(async () => {
    for (const name of files) copies.set(name, await copied(interopPath(name)).catch((error: Error) => error))
    // One start of Python reads all of them.
    const made = [...copies.values()].filter((copy) => typeof copy === 'string')
    lines = await walkWithH5py([...files.map(interopPath), ...made])
  })
  test.for(files)('h5py reads the same from a copy as from the original %s', (name) => {
    const copy = copies.get(name)
    if (typeof copy !== 'string') throw copy
    const [found, expected] = [copy, interopPath(name)].map((path) => lines.get(path)!.filter(isCopied).map(values))
    expect(found).toEqual(expected)
  })
})
