import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packed } from './packed.js'
import { bun, here, node } from './runtimes.js'
import { plainEnvironment, ROOT, run, succeed } from './support.js'

// One prebuilt addon serves every runtime that is supported: in the main thread, in workers, in both at once, and in the process
// that reads untrusted files.

describe.skipIf(!here).each([20, 22, 24, 26])('Node %i', (major) => {
  // The addon that is loaded only in a worker crashed at the worker's end when it could be unmapped: hence several times.
  test.each([
    ['main', 1],
    ['worker', 5],
    ['both', 1],
    ['untrusted', 1],
  ])('%s', async (where, times) => {
    const binary = await node(major)
    const { stdout } = await succeed(binary, ['--version'])
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`))
    for (let time = 0; time < times; time++) await smoke(binary, where)
  })
})

describe.skipIf(!here)('Bun', () => {
  test.each(['main', 'worker', 'both', 'untrusted'])('%s', async (where) => smoke(await bun(), where))
})

async function smoke(binary: string, where: string) {
  const script = join(packed().project, 'smoke.js')
  copyFileSync(join(ROOT, 'test/build/smoke.js'), script)
  const { code, all } = await run(binary, [script, where], { env: plainEnvironment({ PREBUILDS_ONLY: '1' }) })
  expect({ code, all }).toEqual({ code: 0, all: `smoke: ${where}\n` })
}
