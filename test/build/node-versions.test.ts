import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packed } from './packed.js'
import { bun, here, node } from './runtimes.js'
import { plainEnvironment, ROOT, run, succeed } from './support.js'

// One prebuilt addon runs in every supported runtime: in the main thread, in workers, in both at once, and in the process that
// reads untrusted files.

describe.skipIf(!here).each([20, 22, 24, 26])('Node %i', (major) => {
  // An addon loaded only in a worker once crashed at the worker's end, where it could be unmapped: hence several runs.
  test.each([
    ['main', 1],
    ['worker', 5],
    ['both', 1],
    ['untrusted', 1],
  ])(`the prebuilt addon runs in Node ${major}: %s`, async (where, times) => {
    const binary = await node(major)
    const { stdout } = await succeed(binary, ['--version'])
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`))
    for (let time = 0; time < times; time++) await smoke(binary, where)
  })
})

describe.skipIf(!here)('Bun', () => {
  test.each(['main', 'worker', 'both', 'untrusted'])('the prebuilt addon runs in Bun: %s', async (where) =>
    smoke(await bun(), where),
  )
})

async function smoke(binary: string, where: string) {
  const script = join(packed().project, 'smoke.js')
  copyFileSync(join(ROOT, 'test/build/smoke.js'), script)
  const { code, all } = await run(binary, [script, where], { env: plainEnvironment({ PREBUILDS_ONLY: '1' }) })
  expect({ code, all }).toEqual({ code: 0, all: `smoke: ${where}\n` })
}
