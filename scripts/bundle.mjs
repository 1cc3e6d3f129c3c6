// What the bundles of the library and of the command line have in common.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
    // Its modules for Node are CommonJS and call require().
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    ...options,
  })
}

/** Keeps the licence of every npm package that a bundle holds beside it. `head` says what holds them. */
export function writeNotices(outdir, { outputs }, head) {
  // The directories of the packages, e.g. 'node_modules/d3-array'.
  const packages = new Set(
    Object.values(outputs)
      .flatMap(({ inputs }) => Object.keys(inputs))
      .flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
  )
  writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES'), [`${head}\n`, ...[...packages].sort().map(notice)].join('\n'))
}

function notice(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, directory)).find((file) => /^licen[cs]e/i.test(file))
  if (!file) throw new Error(`the package ${name} has no licence text, so it cannot be bundled`)
  const line = '='.repeat(100)
  return `${line}\n${name} ${version} (${license})\n${line}\n\n${readFileSync(join(root, directory, file), 'utf8').trim()}\n`
}
