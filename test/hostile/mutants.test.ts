import { writeFileSync } from 'node:fs'
import { versions } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { megabytes } from '../support/sanitized.js'
import { scratch } from '../support/scratch.js'
import { mutate } from './mutate.js'
import { report } from './report.js'
import { run } from './runner.js'

// Tracking files, journals and files of other programs, damaged at random from seeds: bits flipped, sizes overwritten, blocks
// swapped, ends cut off. This is the short form; `npm run test:mutants -- --count 20000` is the long one, and
// `npm run test:mutants -- --seed 4711 --count 1` repeats a single seed.

const limit = megabytes(512)
const seeds = (count: number, first = 1_000_000) => Array.from({ length: count }, (_, i) => first + i)

describe('damaged tracking files', () => {
  test.runIf(versions.hdf5.linked === 'static')(
    'damaged tracking files that this process reads end in data or an error',
    async () => {
      const { total, whole, failures, codes } = await report(
        run({ kind: 'tracking', way: 'inProcess', inputs: seeds(300), seconds: 30 }),
        limit,
      )
      expect(failures).toEqual([])
      expect(total).toBe(300)
      // Damage that is never noticed, or always ends in the same error, would prove little.
      expect(whole).toBeGreaterThan(10)
      expect(whole).toBeLessThan(150)
      expect(codes.size).toBeGreaterThan(3)
    },
  )

  test('damaged tracking files that a child process reads end in data or an error', async () => {
    const outcomes = run({ kind: 'tracking', way: 'untrusted', inputs: seeds(20), seconds: 60 })
    const { total, failures } = await report(outcomes, limit)
    expect(failures).toEqual([])
    expect(total).toBe(20)
  })
})

describe.runIf(versions.hdf5.linked === 'static')('damaged files of other programs', () => {
  test('damaged files of other programs that are read, copied and changed end in data or an error', async () => {
    const { total, whole, failures, codes } = await report(
      run({ kind: 'interop', way: 'inProcess', inputs: seeds(120), seconds: 30 }),
      limit,
    )
    expect(failures).toEqual([])
    expect(total).toBe(120)
    expect(whole).toBeLessThan(60)
    expect(codes.size).toBeGreaterThan(3)
  })
})

describe.runIf(versions.hdf5.linked === 'static')('damaged journals of writers that died', () => {
  test('damaged journals that are checked, followed and recovered end in a recovered file or an error', async () => {
    const { total, failures, codes } = await report(
      run({ kind: 'journal', way: 'inProcess', inputs: seeds(50), seconds: 30 }),
      limit,
    )
    expect(failures).toEqual([])
    expect(total).toBe(50)
    expect(codes.get('ERR_JOURNAL')).toBeGreaterThan(8)
    expect(codes.get('ERR_JOURNAL')).toBeLessThan(42)
  })
})

describe('the runner of mutants', () => {
  test('a seed always makes the same damage, and the next seed makes other damage', () => {
    const source = Buffer.alloc(4000, 7)
    for (const seed of seeds(50)) {
      expect(mutate(source, seed)).toEqual(mutate(source, seed))
      expect(mutate(source, seed)).not.toEqual(mutate(source, seed + 1))
    }
    expect(source).toEqual(Buffer.alloc(4000, 7))
  })

  test('a crash, a hang, a foreign error and too much memory are attributed to their input, and the run continues', async () => {
    const paths = ['die', 'hang', 'foreign', 'memory', 'late', 'good'].map((what) => scratch(what))
    for (const path of paths) writeFileSync(path, 'x')
    const outcomes = run({ kind: 'misbehaving', way: 'inProcess', inputs: paths, seconds: 3 })
    const { total, whole, failures } = await report(outcomes, 100)
    expect(failures).toHaveLength(5)
    expect(failures[0]).toMatch(/die: the process died: SIGSEGV/)
    expect(failures[1]).toMatch(/hang: the process hangs/)
    expect(failures[2]).toMatch(/foreign: .*TypeError: no error of ours/)
    expect(failures[3]).toMatch(/memory: [23]\d\d MB of memory for a file of 1 bytes/)
    expect(failures[4]).toMatch(/after .*good: the process died: exit code 3/)
    expect([total, whole]).toEqual([7, 3])
  })
})
