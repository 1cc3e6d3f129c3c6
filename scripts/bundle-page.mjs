// Bundles the page of h5tracks/view into dist/page/, with the packages that it uses: a browser loads it from the package as it is.
// The licence of every bundled package is kept beside it.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundle, lib, root, writeNotices } from './bundle.mjs'

const outdir = join(root, 'dist/page')
const source = join(lib, 'view/page')

const { metafile } = await bundle(outdir, {
  entryPoints: { page: join(source, 'main.ts') },
  platform: 'browser',
  target: ['chrome111', 'firefox114', 'safari16.4'],
  splitting: false,
  minify: true,
  legalComments: 'none',
  metafile: true,
})
for (const file of ['index.html', 'page.css', 'icon.svg']) copyFileSync(join(source, file), join(outdir, file))
writeNotices(outdir, metafile, 'The page of h5tracks view contains these npm packages, wholly or in part.')
