// What the bundles of the library and of the command line have in common.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const lib = join(root, 'lib')

/** Bundles entries into an empty directory of dist/, with the files that they share, as modules for the oldest Node. */
export function bundle(outdir, options) {
  rmSync(outdir, { recursive: true, force: true })
  return build({
    outdir,
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    ...options,
  })
}
