import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../support/process.js'
import { circlesOf, graphOf, importsOf, roomOf, sources } from '../support/rooms.js'

// ARCHITECTURE.md lists every room with the rooms that it uses, and the files that may import one another in a circle.
// The sources must agree with both lists: a new arrow must be added there, where its direction is visible.

/** The lines `name: a, b` or `name -> a, b` of the fenced block behind that heading. */
function listed(heading: string): Map<string, string[]> {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  const block = new RegExp(`^## ${heading}\\n[\\s\\S]*?^\`\`\`text\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1]
  if (!block) throw new Error(`ARCHITECTURE.md has no list under "## ${heading}"`)
  const lines = block.split('\n').filter((line) => line.trim() !== '')
  return new Map(
    lines.map((line) => {
      const [name, others = ''] = line.split(/\s*(?:->|:)\s*/)
      return [name!, others.split(/\s*,\s*/).filter((other) => other !== '')]
    }),
  )
}

const rooms = listed('Every room and every arrow')
const circles = listed('Files that know one another')

describe.each(['lib', 'native'] as const)('the sources in %s', (folder) => {
  const imports = importsOf(folder)
  const own = [...rooms].filter(([room]) => `${room}/`.startsWith(`${folder}/`))

  test('ARCHITECTURE.md lists every room and no other', () => {
    expect(own.map(([room]) => room).sort()).toEqual([...new Set(sources(folder).map(roomOf))].sort())
  })

  test('every import between two rooms is an arrow in ARCHITECTURE.md', () => {
    const unlisted = imports
      .filter(({ from, to }) => roomOf(from) !== roomOf(to) && !rooms.get(roomOf(from))?.includes(roomOf(to)))
      .map(({ text, from, to }) => `${text} (${roomOf(from)} -> ${roomOf(to)} is not in ARCHITECTURE.md)`)
    expect(unlisted).toEqual([])
  })

  test('every arrow in ARCHITECTURE.md is an import between two rooms', () => {
    const arrows = new Set(imports.map(({ from, to }) => `${roomOf(from)} -> ${roomOf(to)}`))
    const unused = own.flatMap(([room, others]) => others.map((other) => `${room} -> ${other}`))
    expect(unused.filter((arrow) => !arrows.has(arrow))).toEqual([])
  })

  test('no rooms use one another in a circle', () => {
    const arrows = imports.map(({ from, to }) => [roomOf(from), roomOf(to)] as const)
    expect(circlesOf(graphOf(arrows.filter(([from, to]) => from !== to)))).toEqual([])
  })

  test('no files import one another in a circle, except those that ARCHITECTURE.md names', () => {
    const named = [...circles].filter(([room]) => room.startsWith(folder))
    const expected = named.map(([room, names]) => names.map((name) => join(room, name)).sort())
    const found = circlesOf(graphOf(imports.map(({ from, to }) => [from, to] as const)))
    const explained = found.map((circle) => [...circle, ...importsWithin(circle, imports, expected)])
    expect(explained.sort()).toEqual(expected.sort())
  })
})

/** What a circle is made of, where it is not a known one: the message of a failure then says which import to look at. */
function importsWithin(circle: string[], imports: ReturnType<typeof importsOf>, known: string[][]): string[] {
  if (known.some((one) => one.join() === circle.join())) return []
  return imports.filter(({ from, to }) => circle.includes(from) && circle.includes(to)).map(({ text }) => text)
}

test('every file of lib and native that a comment in them names exists', () => {
  const missing = [...sources('lib'), ...sources('native')].flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?<![\w/.])(?:lib|native)\/[\w./-]+\.(?:ts|cc|h)\b/g)]
      .filter(([path]) => !existsSync(join(ROOT, path)))
      .map(([path]) => `${file} names ${path}`),
  )
  expect(missing).toEqual([])
})

test('the search for circles finds each circle once, and none where there is none', () => {
  const edges = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'b'],
    ['c', 'd'],
    ['e', 'e'],
  ] as const
  expect(circlesOf(graphOf(edges)).sort()).toEqual([['b', 'c'], ['e']])
  expect(circlesOf(graphOf(edges.filter(([from]) => from === 'a' || from === 'b')))).toEqual([])
})

test('only native/system includes headers of an operating system', () => {
  const elsewhere = sources('native').filter((file) => !file.startsWith('native/system/'))
  // The headers of the C++ library, of HDF5 and the codecs, of Node-API, and of processors.
  const known = /^(c?[a-z_]+|hdf5\.h|libdeflate\.h|zlib\.h|napi\.h|node_api\.h|(cpuid|emmintrin|immintrin)\.h)$/
  const including = elsewhere.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^#include <([^>]+)>/gm)]
      .filter(([, header]) => !known.test(header!))
      .map(([line]) => `${file}: ${line}`),
  )
  expect(including).toEqual([])
})

test('of native/system, only the directory of a system includes its headers', () => {
  const headers = {
    '(posix|linux|macos)': /<(unistd|fcntl|pthread|signal|sys\/\w+)\.h>/,
    windows: /<(windows|process|psapi|bcrypt)\.h>/,
  }
  const wrong = sources('native').filter((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    return Object.entries(headers).some(
      ([system, header]) => !new RegExp(`^native/system/${system}/`).test(file) && header.test(text),
    )
  })
  expect(wrong).toEqual([])
})

// What differs is in a directory for each system, which CMake chooses. Two small things of Windows are not worth one.
test('only two files of native/system ask which operating system they are built for', () => {
  const asking = sources('native').filter((file) =>
    /^#.*\b(__linux__|__APPLE__|_WIN32|__GLIBC__)\b/m.test(readFileSync(join(ROOT, file), 'utf8')),
  )
  expect(asking.sort()).toEqual(['native/system/error.cc', 'native/system/file.h'])
})
