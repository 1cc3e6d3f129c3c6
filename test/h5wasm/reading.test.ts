import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5wasmItself, type Library } from '../support/hdf5/both.js'
import { interopAbsent, interopFiles, interopPath, refused } from '../support/hdf5/interop.js'
import { differences, expectSameAnswers, met } from '../support/hdf5/questions.js'
import { ROOT } from '../support/process.js'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// The same questions to h5wasm and to us: whatever it answers, we answer the same, but for what docs/h5wasm.md lists. What it
// cannot read may be read here.

let theirs: Library
beforeAll(async () => {
  theirs = await h5wasmItself()
})

test('every type, layout and filter that h5py writes', async () => {
  const path = scratch('types.h5')
  await runPython('make_types.py', [path])
  expect(expectSameAnswers(path, theirs).same).toBeGreaterThan(1000)
})

describe.skipIf(interopAbsent)('files of other projects', () => {
  test.for(interopFiles)('%s', (name) => {
    expect(expectSameAnswers(interopPath(name), theirs, refused[name]).same).toBeGreaterThan(0)
  })
})

describe('what differs', () => {
  const page = readFileSync(join(ROOT, 'docs/h5wasm.md'), 'utf8')
  test.for(Object.keys(differences))('%s: is in the docs', (name) => expect(page).toContain(name))
  test.skipIf(interopAbsent)('and is met in these files', () => {
    expect([...met].sort()).toEqual(Object.keys(differences).sort())
  })
})
