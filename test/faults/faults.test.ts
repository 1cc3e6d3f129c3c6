import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Oracle } from './oracle.js'
import { buildShim } from './process.js'
import { SCRIPTS, type Script } from './scripts.js'
import { inParallel, spread } from './spread.js'
import { KINDS, type Kind, Sweep } from './sweep.js'
import { recovers, type Verdict } from './verify.js'

// At whichever of its system calls a process is ended, or a call fails: each frame that writeFrame accepted is in the recovered
// file, and nothing else. Here at some of the calls; `npm run test:faults` does all of them.

const root = mkdtempSync(join(tmpdir(), 'h5tracks-faults-'))
const { library, missing } = buildShim(root)
const oracle = new Oracle()
afterAll(() => {
  oracle.end()
  rmSync(root, { recursive: true, force: true })
})
let sweeps = 0

/** What was not as promised, at so many of the script's calls. */
async function broken(script: Script, kind: Kind, points: number) {
  const sweep = new Sweep(script, kind, { root: join(root, String(sweeps++)), library: library as string, oracle })
  await sweep.prepare()
  expect(sweep.points.length).toBeGreaterThan(0)
  const verdicts: ({ at: number } & NonNullable<Verdict>)[] = []
  await inParallel(spread(sweep.points, points), 2, async (at, slot) => {
    for (const verdict of await sweep.run(at, slot)) verdicts.push({ at, ...verdict })
  })
  return verdicts
}

describe.skipIf(missing !== undefined)(`faults at system calls ${missing ?? ''}`, () => {
  test('are noticed by these tests: without a journal, killed writers leave losses', async () => {
    const unsafe = { name: 'kill', mode: 'kill', ...(recovers && { options: { durability: 'none' } }) } as const
    const verdicts = await broken(SCRIPTS[0] as Script, unsafe, 16)
    const failings = new Set(verdicts.map(({ failing }) => failing))
    expect(failings).toContain('lost')
    expect(failings).toContain('unreadable')
  })

  describe.runIf(recovers).each(SCRIPTS)('$name', (script) => {
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
})
