import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { h5wasmItself, type Library } from '../support/hdf5/both.js'
import { interopAbsent, interopFiles, interopPath, refused } from '../support/hdf5/interop.js'
import { differences, expectSameAnswers, met } from '../support/hdf5/questions.js'
import { ROOT } from '../support/process.js'
import { runPython } from '../support/python.js'
import { scratch } from '../support/scratch.js'

// The same questions to h5wasm and to this library get the same answers, except for the differences that docs/h5wasm.md lists.
// This library may also read what h5wasm cannot.

let theirs: Library
beforeAll(async () => {
  theirs = await h5wasmItself()
})

test('a file with every type, layout and filter of h5py is read as h5wasm reads it', async () => {
  const path = scratch('types.h5')
  await runPython('make_types.py', [path])
  expect(expectSameAnswers(path, theirs).same).toBeGreaterThan(1000)
})

describe.skipIf(interopAbsent)('files of other projects', () => {
  test.for(interopFiles)('%s is read as h5wasm reads it', (name) => {
    expect(expectSameAnswers(interopPath(name), theirs, refused[name]).same).toBeGreaterThan(0)
  })
})

describe('differences from h5wasm', () => {
  const page = readFileSync(join(ROOT, 'docs/h5wasm.md'), 'utf8')
  test.for(Object.keys(differences))("docs/h5wasm.md lists the difference '%s'", (name) => expect(page).toContain(name))
  test.skipIf(interopAbsent)('every listed difference from h5wasm occurs in the files of other projects', () => {
    expect([...met].sort()).toEqual(Object.keys(differences).sort())
  })
})
