// Bundles the command line, with the library and the npm packages that only it uses, into dist/command/: an install brings none
// of those packages, and the command starts in few files. The licence of every bundled package is kept beside it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, lib, root, writeNotices } from './bundle.mjs'

const outdir = join(root, 'dist/command')

const { metafile } = await bundle(outdir, {
  entryPoints: { h5tracks: join(lib, 'cli/main.ts'), child: join(lib, 'untrusted/child.ts') },
  // linkedom tries the first, and does without. The others are for runs in buckets and for PNG, and are installed by those who want them.
  external: ['canvas', '@aws-sdk/client-s3', 'apache-arrow', '@resvg/resvg-js'],
  // Packages in CommonJS that call require().
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'\nconst require = __createRequire(import.meta.url)",
  },
  minify: true,
  legalComments: 'none',
  metafile: true,
})

writeNotices(outdir, metafile, 'The command line contains these npm packages, wholly or in part.')
if (!existsSync(join(outdir, 'h5tracks.js'))) throw new Error('the bundle has no h5tracks.js')
