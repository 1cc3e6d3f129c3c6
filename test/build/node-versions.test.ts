import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { entries, packed } from './packed.js'
import { bun, deno, here, node } from './runtimes.js'
import { plainEnvironment, ROOT, run, succeed, temporary } from './support.js'

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

// `engines` of package.json names the oldest in which require() works; what is imported runs in older ones too.
describe.skipIf(!here)('the oldest versions of Node', () => {
  test('Node 20.17.0 imports the package', async () => smoke(await node('20.17.0'), 'main'))

  test.each(['20.19.0', '22.12.0'])('Node %s imports and requires every entry', async (version) => {
    await smoke(await node(version), 'main')
    expect(await requireAll(version)).toEqual({ code: 0, stdout: `${entries().length} required\n` })
  })

  test('Node 20.17.0 says at require() that import() is the way', async () => {
    const script = join(packed().project, 'require.cjs')
    writeFileSync(script, "require('h5tracks')")
    const { code, all } = await run(await node('20.17.0'), [script], { env: plainEnvironment({ PREBUILDS_ONLY: '1' }) })
    expect({ code, all }).toEqual({ code: 1, all: expect.stringMatching(/ERR_REQUIRE_ESM|dynamic import\(\)/) })
  })

  test('engines of package.json names where require() begins', () => {
    const { engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(engines.node).toBe('^20.19.0 || >=22.12.0')
  })
})

async function requireAll(version: string) {
  const script = join(packed().project, 'require.cjs')
  const source = `const all = ${JSON.stringify(entries())}.map((entry) => Object.keys(require(entry)).length)
    if (all.every((names) => names > 0)) console.log(all.length + ' required')`
  writeFileSync(script, source)
  const { code, stdout } = await run(await node(version), [script], { env: plainEnvironment({ PREBUILDS_ONLY: '1' }) })
  return { code, stdout }
}

// The program that runs on other platforms too (test/platforms).
describe.skipIf(!here)('other runtimes', () => {
  test.each([
    ['Bun', bun, []],
    ['Deno', deno, ['run', '--allow-all']],
  ] as const)(
    '%s writes, reads, checks, follows, recovers after SIGKILL, and reads untrusted files and in workers',
    async (_, binary, args) => {
      const script = join(packed().project, 'platform-smoke.mjs')
      copyFileSync(join(ROOT, 'test/platforms/smoke.mjs'), script)
      const env = plainEnvironment({ PREBUILDS_ONLY: '1' })
      const { code, all } = await run(await binary(), [...args, script, temporary('smoke')], { env })
      expect({ code, all }).toEqual({ code: 0, all: expect.stringMatching(/^(smoke: .*\n)+$/) })
      expect(all).toContain('smoke: passed on linux-x64')
    },
  )
})

async function smoke(binary: string, where: string) {
  const script = join(packed().project, 'smoke.js')
  copyFileSync(join(ROOT, 'test/build/smoke.js'), script)
  const { code, all } = await run(binary, [script, where], { env: plainEnvironment({ PREBUILDS_ONLY: '1' }) })
  expect({ code, all }).toEqual({ code: 0, all: `smoke: ${where}\n` })
}
