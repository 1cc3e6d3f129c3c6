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

// A process is killed, or a call fails, at any of its system calls: the recovered file holds every accepted frame and nothing
// else. These tests try some of the calls; `npm run test:faults` tries all of them.

const root = mkdtempSync(join(tmpdir(), 'h5tracks-faults-'))
const { library, missing } = buildShim(root)
const oracle = new Oracle()
afterAll(() => {
  oracle.end()
  rmSync(root, { recursive: true, force: true })
})
const bench: Bench = { root, library: library ?? '', oracle, prepared: new Map() }

/** The broken promises when the fault is at the chosen calls of the script. */
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

/** The broken promises when the fault is at `points` calls, spread over the script. */
const broken = (script: Script, kind: Kind, points: number) =>
  brokenAt(script, kind, (sweep) => spread(sweep.points, points))

describe.skipIf(missing !== undefined)(`faults at system calls ${missing ?? ''}`, () => {
  describe('losses that these tests must notice', () => {
    const first = SCRIPTS[0] as Script

    test('these tests notice that a killed writer without a journal leaves a file that is refused', async () => {
      const verdicts = await broken(first, { name: 'kill', mode: 'kill', options: { durability: 'none' } }, 16)
      expect(verdicts.filter(({ text }) => text.startsWith('ERR_NOT_CLOSED')).length).toBeGreaterThan(0)
    })

    test('these tests notice that a power loss without syncing loses frames', async () => {
      const unsynced = { name: 'power', mode: 'kill', power: true, options: { durability: 'process' } } as const
      const verdicts = await broken(first, unsynced, 6)
      expect(verdicts).not.toEqual([])
    })
  })

  describe.each(SCRIPTS)('script $name', (script) => {
    test.each([
      ['kill', 6],
      ['torn', 3],
      ['power', 2],
      ['ENOSPC once', 3],
      ['EIO from then on', 3],
      ['ENOSPC after half', 2],
    ])(
      `the script '${script.name}' with the fault '%s' loses no accepted frame and adds none`,
      async (kind, points) => {
        expect(await broken(script, KINDS[kind] as Kind, points)).toEqual([])
      },
    )
  })

  describe('files whose journal is lost after a kill', () => {
    const scripts = SCRIPTS.filter(({ name }) =>
      ['blocks in a row', 'flush', 'overwrite', 'resume closed'].includes(name),
    )
    test.each(scripts.map((script) => [script.name, script] as const))(
      "a file of the script '%s' whose journal is lost after a kill is refused, and only written frames are salvaged",
      async (_, script) => {
        expect(await broken(script, KINDS['kill, journal lost'] as Kind, 5)).toEqual([])
        expect(await broken(script, KINDS['kill without journal'] as Kind, 3)).toEqual([])
      },
    )
  })

  // Every call around the moment at which the new file takes the name of the old one.
  describe('a file that is overwritten stays whole until the new run is safe', () => {
    const overwritten = SCRIPTS.find(({ name }) => name === 'overwrite') as Script
    const around = (sweep: Sweep) => {
      const [rename = 0] = sweep.callsLike(/^rename/)
      return [-2, -1, 0, 1, 2].map((step) => rename + step).filter((call) => sweep.points.includes(call))
    }

    test.each(['kill', 'power', 'EIO once', 'ENOSPC from then on'])(
      "an overwritten file stays whole until the new run is safe, with the fault '%s' around the rename",
      async (kind) => {
        expect(await brokenAt(overwritten, KINDS[kind] as Kind, around)).toEqual([])
      },
    )
  })

  // The file was complete before; these are the few moments at which it is in danger.
  describe('a closed file that is resumed stays whole', () => {
    const resumed = SCRIPTS.find(({ name }) => name === 'resume closed') as Script
    const syncs = (sweep: Sweep) => sweep.callsLike(/sync /)

    test('a closed file that is resumed stays whole when a sync of it or of its journal fails', async () => {
      expect(await brokenAt(resumed, KINDS['EIO once'] as Kind, syncs)).toEqual([])
    })

    test('a closed file that is resumed stays whole when the power is lost just before a sync', async () => {
      expect(await brokenAt(resumed, KINDS.power as Kind, syncs)).toEqual([])
    })

    test("a closed file that is resumed stays whole when the process is killed half way through the journal's header", async () => {
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
