// Makes prebuilds/<platform>-<arch>/h5tracks.<libc>.node with prebuildify, which needs make and python3 for node-gyp.
// node-gyp needs Node's headers only for a common.gypi, which our target of type none does not use; a directory with a stub
// in their place saves the download.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const nodedir = mkdtempSync(join(tmpdir(), 'h5tracks-nodedir-'))
try {
  const include = join(nodedir, 'include', 'node')
  mkdirSync(include, { recursive: true })
  writeFileSync(join(include, 'common.gypi'), '{}')
  writeFileSync(join(include, 'config.gypi'), JSON.stringify(process.config))
  const prebuildify = createRequire(import.meta.url).resolve('prebuildify/bin.js')
  const { status } = spawnSync(process.execPath, [prebuildify, '--napi', '--strip', '--tag-libc'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, npm_config_nodedir: nodedir },
  })
  process.exitCode = status ?? 1
} finally {
  rmSync(nodedir, { recursive: true })
}
