import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { checked, rewrite } from '../support/hdf5/metadata.js'
import { runNode } from '../support/process.js'
import { places } from './checksums.js'
import { made, readInEveryWay, refused } from './outcomes.js'

// Attributes and links in dense storage lie in a fractal heap and are found by a version-2 B-tree. The HDF5 that we bring is
// mended (cmake/hdf5/mend).

const dense = (count: number) => `for name in 'ab':
    g = f.create_group(name)
    for i in range(${count}): g.attrs['n%02d' % i] = ord(name)`

const HEAP = 142
const field = {
  identifier: [5, 2],
  largest: [10, 4],
  size: [46, 8],
  columns: [110, 2],
  'first block': [112, 8],
  'largest block': [120, 8],
  'bits of addresses': [128, 2],
  'first rows': [130, 2],
  root: [132, 8],
  rows: [140, 2],
} as const

function put(bytes: Buffer, at: number, name: keyof typeof field, value: bigint) {
  const [offset, size] = field[name]
  checked(bytes, at, at + HEAP, (header) => {
    for (let i = 0; i < size; i++) header[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn)
  })
}

describe.runIf(versions.hdf5.linked === 'static')('a fractal heap is refused whose header gives as', () => {
  test.each<[keyof typeof field, bigint]>([
    ['columns', 0n],
    ['columns', 3n],
    ['first block', 0n],
    ['first block', 16n],
    ['first block', 513n],
    ['first block', 2n ** 62n],
    ['largest block', 0n],
    ['largest block', 2n ** 40n],
    ['bits of addresses', 0n],
    ['bits of addresses', 8n],
    ['bits of addresses', 60_000n],
    ['first rows', 60_000n],
    ['rows', 60_000n],
    ['size', 2n ** 63n],
    ['identifier', 0n],
    ['identifier', 3n],
    ['identifier', 4096n],
    ['largest', 2n ** 31n],
  ])('%s: %s', async (name, value) => {
    const path = await made(dense(40), 'latest')
    rewrite(path, (bytes) => {
      for (const at of places(bytes, 'FRHP')) put(bytes, at, name, value)
    })
    expect(await readInEveryWay(path, 'a')).toMatchObject({ attributes: refused, copy: refused, close: 'done' })
  })
})

/** Reads group `a`, whose blocks are then in memory, and says what is read of group `b`. */
async function secondAfterFirst(path: string) {
  const source = `import { File } from 'h5tracks/hdf5'
const file = new File(process.argv[2])
const [a, b] = ['a', 'b'].map((name) => file.groupSync(name))
console.log(a.attributes.getSync('n05'))
try { console.log(b.attributes.getSync('n05')) } catch ({ code }) { console.log(code) }
file.closeSync()`
  const { code, signal, stdout } = await runNode(source, [path])
  expect({ code, signal }).toEqual({ code: 0, signal: null })
  return stdout.trim().split('\n')
}

describe.runIf(versions.hdf5.linked === 'static')(
  'what is in memory of one object is not taken for that of another:',
  () => {
    test.each([
      ['block', 9],
      ['table of blocks', 60],
    ])('a %s of a heap', async (_, count) => {
      const path = await made(dense(count), 'latest')
      rewrite(path, (bytes) => {
        const [first, second] = places(bytes, 'FRHP') as [number, number]
        put(bytes, second, 'root', bytes.readBigUInt64LE(first + field.root[0]))
      })
      expect(await secondAfterFirst(path)).toEqual(['97', refused])
    })

    test.each([
      ['leaf', 20],
      ['node', 200],
    ])('a %s of an index of attributes', async (_, count) => {
      const path = await made(dense(count), 'latest')
      rewrite(path, (bytes) => {
        const [first, second] = places(bytes, 'BTHD').filter((at) => bytes[at + 5] === 8) as [number, number]
        checked(bytes, second, second + 34, (tree) => tree.writeBigUInt64LE(bytes.readBigUInt64LE(first + 16), 16))
      })
      expect(await secondAfterFirst(path)).toEqual(['97', refused])
    })
  },
)
