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

// What reading says of a file is enough to make it again. The copy is made object by object, from types, properties and
// values as they were read, and is the same file for h5dump and h5py.

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

  test('is read as h5py reads it', async () => {
    const ours = await ourLines(path)
    const { objects, attributes, unread } = expectSameLines(ours, (await walkWithH5py([path])).get(path)!)
    expect({ objects, attributes, unread }).toEqual({ objects: 149, attributes: 119, unread: [] })
  })

  test('is copied to what h5dump prints the same of, to the last property', async () => {
    // References are addresses: they are compared below.
    const everything = ['/types', '/layouts', '/fill', '/spaces', '/named']
    const options = everything.flatMap((group) => (group === '/named' ? ['-t', group] : ['-g', group]))
    expect(await h5dumpText(await copied(path), ...options)).toBe(await h5dumpText(path, ...options))
  })
})

const isCopied = ({ type }: Line) => !JSON.stringify(type ?? null).includes('"to":"region"')

/** What is read here and not written: virtual datasets, whose sources are not here, and lzf. */
const readOnly = ['vds/5_vds.h5', 'vds/vds-eiger.h5', 'vds/vds-percival-unlim-maxmin.h5', 'lzf/u8_noise.h5']
const files = interopFiles.filter((name) => !(name in refused) && !readOnly.some((end) => name.endsWith(end)))

/** Where there are values their bytes may differ: references are addresses, and compounds have gaps. */
function values(line: Line): Line {
  if (!line.value?.sha256) return line
  const { count, sha256 } = line.value
  return { ...line, value: { count, sha256 } }
}

describe.skipIf(interopAbsent)('the files of other projects are copied to what h5py finds the same in', () => {
  let theirs: Map<string, Line[]>
  beforeAll(async () => {
    theirs = await walkWithH5py(interopFiles.map(interopPath))
  })
  test.for(files)('%s', async (name) => {
    const copy = await copied(interopPath(name))
    const again = (await walkWithH5py([copy])).get(copy)!
    expect(again.filter(isCopied).map(values)).toEqual(theirs.get(interopPath(name))!.filter(isCopied).map(values))
  })
})
