import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Oracle } from './oracle.js'
import { buildShim } from './process.js'
import { SCRIPTS, type Script } from './scripts.js'
import { inParallel, spread } from './spread.js'
import { type Bench, KINDS, type Kind, Sweep } from './sweep.js'
import type { Verdict } from './verify.js'

// At whichever of its system calls a process is ended, or a call fails: each frame that writeFrame accepted is in the recovered
// file, and nothing else. Here at some of the calls; `npm run test:faults` does all of them.

const root = mkdtempSync(join(tmpdir(), 'h5tracks-faults-'))
const { library, missing } = buildShim(root)
const oracle = new Oracle()
afterAll(() => {
  oracle.end()
  rmSync(root, { recursive: true, force: true })
})
const bench: Bench = { root, library: library ?? '', oracle, prepared: new Map() }

/** What was not as promised, at those of the script's calls that are chosen. */
async function brokenAt(script: Script, kind: Kind, choose: (sweep: Sweep) => number[]) {
  const sweep = new Sweep(script, kind, bench)
  await sweep.prepare()
  const points = choose(sweep)
  expect(points).not.toEqual([])
  const verdicts: ({ at: number } & NonNullable<Verdict>)[] = []
  await inParallel(points, 2, async (at, slot) => {
    for (const verdict of await sweep.run(at, slot)) verdicts.push({ at, ...verdict })
  })
  return verdicts
}

/** The same at so many of the calls. */
const broken = (script: Script, kind: Kind, points: number) =>
  brokenAt(script, kind, (sweep) => spread(sweep.points, points))

describe.skipIf(missing !== undefined)(`faults at system calls ${missing ?? ''}`, () => {
  describe('are noticed by these tests', () => {
    const first = SCRIPTS[0] as Script

    test('without a journal, killed writers leave files that are refused, as frames are missing', async () => {
      const verdicts = await broken(first, { name: 'kill', mode: 'kill', options: { durability: 'none' } }, 16)
      expect(verdicts.filter(({ text }) => text.startsWith('ERR_NOT_CLOSED')).length).toBeGreaterThan(0)
    })

    test('without syncing, a loss of power leaves losses', async () => {
      const unsynced = { name: 'power', mode: 'kill', power: true, options: { durability: 'process' } } as const
      const verdicts = await broken(first, unsynced, 6)
      expect(verdicts).not.toEqual([])
    })
  })

  describe.each(SCRIPTS)('$name', (script) => {
    test.each([
      ['kill', 6],
      ['torn', 3],
      ['power', 2],
      ['ENOSPC once', 3],
      ['EIO from then on', 3],
      ['ENOSPC after half', 2],
    ])('%s: nothing that was accepted is lost, and nothing else is there', async (kind, points) => {
      expect(await broken(script, KINDS[kind] as Kind, points)).toEqual([])
    })
  })

  describe('a file whose journal is lost after a kill never passes for whole, and what is left of it was written', () => {
    const scripts = SCRIPTS.filter(({ name }) =>
      ['blocks in a row', 'flush', 'overwrite', 'resume closed'].includes(name),
    )
    test.each(scripts.map((script) => [script.name, script] as const))('%s', async (_, script) => {
      expect(await broken(script, KINDS['kill, journal lost'] as Kind, 5)).toEqual([])
      expect(await broken(script, KINDS['kill without journal'] as Kind, 3)).toEqual([])
    })
  })

  // Around the moment at which the new file takes the name of the old one, each call.
  describe('a file that is overwritten stays whole until the new run is safe', () => {
    const overwritten = SCRIPTS.find(({ name }) => name === 'overwrite') as Script
    const around = (sweep: Sweep) => {
      const [rename = 0] = sweep.callsLike(/^rename/)
      return [-2, -1, 0, 1, 2].map((step) => rename + step).filter((call) => sweep.points.includes(call))
    }

    test.each(['kill', 'power', 'EIO once', 'ENOSPC from then on'])('%s', async (kind) => {
      expect(await brokenAt(overwritten, KINDS[kind] as Kind, around)).toEqual([])
    })
  })

  // A file that was complete before: each of these is one of the few moments at which it is in danger.
  describe('a closed file that is resumed stays whole', () => {
    const resumed = SCRIPTS.find(({ name }) => name === 'resume closed') as Script
    const syncs = (sweep: Sweep) => sweep.callsLike(/sync /)

    test('when a sync of it, or of its journal, fails', async () => {
      expect(await brokenAt(resumed, KINDS['EIO once'] as Kind, syncs)).toEqual([])
    })

    test('when the power is lost just before a sync', async () => {
      expect(await brokenAt(resumed, KINDS.power as Kind, syncs)).toEqual([])
    })

    test("when the process ends half way through the journal's header, after which the directory is synced", async () => {
      const header = (sweep: Sweep) => {
        const [directory = 0] = sweep.callsLike(/^fsync/)
        return sweep
          .callsLike(/pwrite .*journal/)
          .filter((call) => call < directory)
          .slice(-1)
      }
      expect(await brokenAt(resumed, KINDS.torn as Kind, header)).toEqual([])
    })
  })
})
