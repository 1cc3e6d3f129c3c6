// Bundles the command line, with the library and the npm packages that only it uses, into dist/command/: an install brings none
// of those packages, and the command starts in few files. The licence of every bundled package is kept beside it.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, lib, root } from './bundle.mjs'

const outdir = join(root, 'dist/command')

const { metafile } = await bundle(outdir, {
  entryPoints: { h5tracks: join(lib, 'cli/main.ts'), child: join(lib, 'untrusted/child.ts') },
  // linkedom tries the first, and does without. The second is for runs in buckets, and is installed by those who have them.
  external: ['canvas', '@aws-sdk/client-s3'],
  // Packages in CommonJS that call require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
  },
  minify: true,
  legalComments: 'none',
  metafile: true,
})

/** The directories of the packages that the bundle holds, e.g. 'node_modules/d3-array'. */
const packages = new Set(
  Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
)

function notice(directory) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, directory)).find((file) => /^licen[cs]e/i.test(file))
  if (!file) throw new Error(`the package ${name} has no licence text, so it cannot be bundled`)
  const line = '='.repeat(100)
  return `${line}\n${name} ${version} (${license})\n${line}\n\n${readFileSync(join(root, directory, file), 'utf8').trim()}\n`
}

const head = 'The command line contains these npm packages, wholly or in part.\n'
writeFileSync(join(outdir, 'THIRD-PARTY-NOTICES'), [head, ...[...packages].sort().map(notice)].join('\n'))
if (!existsSync(join(outdir, 'h5tracks.js'))) throw new Error('the bundle has no h5tracks.js')
