import { writeFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { megabytes } from '../support/sanitized.js'
import { scratch } from '../support/scratch.js'
import { mutate } from './mutate.js'
import { report } from './report.js'
import { run } from './runner.js'

// Tracking files, journals and files of other programs, damaged at random from seeds: bits flipped, sizes overwritten, blocks
// swapped, ends cut off. This is the short form; `npm run test:mutants -- --count 20000` is the long one, and a seed found there
// is met here alone by `npm run test:mutants -- --seed 4711 --count 1`.

const limit = megabytes(512)
const seeds = (count: number, first = 1_000_000) => Array.from({ length: count }, (_, i) => first + i)

describe('damaged tracking files', () => {
  test.runIf(versions.hdf5.linked === 'static')('end in data or an error, in this process', async () => {
    const { met, whole, failures, codes } = await report(
      run({ kind: 'tracking', way: 'inProcess', inputs: seeds(300), seconds: 30 }),
      limit,
    )
    expect(failures).toEqual([])
    expect(met).toBe(300)
    // Damage that nothing is noticed of, or that always ends in the same place, would prove little.
    expect(whole).toBeGreaterThan(10)
    expect(whole).toBeLessThan(150)
    expect(codes.size).toBeGreaterThan(3)
  })

  test('end in data or an error, in a process of its own', async () => {
    const outcomes = run({ kind: 'tracking', way: 'untrusted', inputs: seeds(20), seconds: 60 })
    const { met, failures } = await report(outcomes, limit)
    expect(failures).toEqual([])
    expect(met).toBe(20)
  })
})

describe.runIf(versions.hdf5.linked === 'static')('damaged files of other programs', () => {
  test('end in data or an error, for whoever reads, copies and changes them', async () => {
    const { met, whole, failures, codes } = await report(
      run({ kind: 'interop', way: 'inProcess', inputs: seeds(120), seconds: 30 }),
      limit,
    )
    expect(failures).toEqual([])
    expect(met).toBe(120)
    expect(whole).toBeLessThan(60)
    expect(codes.size).toBeGreaterThan(3)
  })
})

describe.runIf(versions.hdf5.linked === 'static')('damaged journals of writers that died', () => {
  test('end in a recovered file or an error, for whoever checks, follows, recovers and reads', async () => {
    const { met, failures, codes } = await report(
      run({ kind: 'journal', way: 'inProcess', inputs: seeds(120), seconds: 30 }),
      limit,
    )
    expect(failures).toEqual([])
    expect(met).toBe(120)
    expect(codes.get('ERR_JOURNAL')).toBeGreaterThan(20)
    expect(codes.get('ERR_JOURNAL')).toBeLessThan(100)
  })
})

describe('the proof itself', () => {
  test('a seed makes the same damage again, another seed another', () => {
    const source = Buffer.alloc(4000, 7)
    for (const seed of seeds(50)) {
      expect(mutate(source, seed)).toEqual(mutate(source, seed))
      expect(mutate(source, seed)).not.toEqual(mutate(source, seed + 1))
    }
    expect(source).toEqual(Buffer.alloc(4000, 7))
  })

  test('a death, a hang, a foreign error and too much memory are each put down to their input, and the run goes on', async () => {
    const paths = ['die', 'hang', 'foreign', 'memory', 'late', 'good'].map((what) => scratch(what))
    for (const path of paths) writeFileSync(path, 'x')
    const outcomes = run({ kind: 'misbehaving', way: 'inProcess', inputs: paths, seconds: 3 })
    const { met, whole, failures } = await report(outcomes, 100)
    expect(failures).toHaveLength(5)
    expect(failures[0]).toMatch(/die: the process died: SIGSEGV/)
    expect(failures[1]).toMatch(/hang: the process hangs/)
    expect(failures[2]).toMatch(/foreign: .*TypeError: no error of ours/)
    expect(failures[3]).toMatch(/memory: [23]\d\d MB of memory for a file of 1 bytes/)
    expect(failures[4]).toMatch(/after .*good: the process died: exit code 3/)
    expect([met, whole]).toEqual([7, 3])
  })
})
