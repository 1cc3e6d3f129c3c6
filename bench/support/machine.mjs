import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import { ROOT } from './build.mjs'
import { h5py } from './child.mjs'

/** The machine and the versions of the measurement. */
export async function machine() {
  const { versions } = await import('../../dist/library/index.js')
  const commit = () => execFileSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' }).trim()
  return {
    date: new Date().toISOString(),
    commit: attempt(commit),
    cpu: os.cpus()[0]?.model,
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
    load: os.loadavg(),
    node: process.version,
    h5tracks: versions,
    h5py: await h5py('versions', {}),
    h5wasm: JSON.parse(readFileSync(`${ROOT}node_modules/h5wasm/package.json`, 'utf8')).version,
  }
}

function attempt(action) {
  try {
    return action()
  } catch {
    return null
  }
}
