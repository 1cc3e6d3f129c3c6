// Bundles the library into dist/library/: a file for each entry of the package and a few that they share, because Node takes a
// millisecond for each module. Packages that only formats need are bundled with their licences, so that an install brings none of
// them. dist/ keeps the single modules of tsc, whose declarations the package contains.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { bundle, lib, root, writeNotices } from './bundle.mjs'

const outdir = join(root, 'dist/library')

const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const { metafile } = await bundle(outdir, {
  entryPoints: {
    index: join(lib, 'index.ts'),
    ...Object.fromEntries(
      ['tracker', 'tracking', 'hdf5', 'h5wasm', 'batch', 'edit', 'formats', 'view'].map((name) => [
        name,
        join(lib, name, 'index.ts'),
      ]),
    ),
    child: join(lib, 'untrusted/child.ts'),
    'pool-child': join(lib, 'batch/pool/child.ts'),
    'remote-thread': join(lib, 'remote/transport/thread-program.ts'),
  },
  external: Object.keys({ ...dependencies, ...peerDependencies }),
  sourcemap: true,
  metafile: true,
})
// What scripts/install.mjs asks, as a file of its own: nothing is split off for it.
await build({
  entryPoints: { addon: join(lib, 'native/load-addon.ts') },
  outdir,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
})
writeNotices(outdir, metafile, 'The library contains these npm packages, wholly or in part.')

const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(lib, file), 'utf8'))
const namesIn = (pattern) => new Set(sources.flatMap((text) => [...text.matchAll(pattern)]).map(([, name]) => name))
const without = (variable) => variable.replace(/\d+$/, '')

// esbuild renames classes that mention themselves (_File) and those of the same name in two modules (File2). Their name
// is what console.log shows, so they get it back, on the same line: the source maps stay true.
const classes = namesIn(/^(?:export )?(?:abstract )?class (\w+)/gm)

function named(whole, variable, inner) {
  const name = [inner?.slice(1), variable, without(variable)].find((name) => classes.has(name))
  if (name === undefined) throw new Error(`no class in lib/ is called ${variable}`)
  if ((inner ?? variable) === name) return whole
  return `${whole} static { Object.defineProperty(this, 'name', { value: '${name}', configurable: true }) }`
}

// esbuild declares all variables of modules with var. V8 compiles the value of a constant into the code that uses it, but not
// that of a var: with var, writeFrame takes a fifth longer.
const changing = namesIn(/^(?:export )?(?:let|enum) (\w+)/gm)
const constant = (whole, start) => (changing.has(without(start)) ? whole : `const ${start}`)

// Packages in CommonJS call require() for modules of Node. It is defined on the same line, as the source maps count lines.
const requiring =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); "

// The code of packages is only minified.
const isOurs = ({ inputs }) => !Object.keys(inputs).some((input) => input.includes('node_modules/'))

for (const file of Object.keys(metafile.outputs).filter((file) => file.endsWith('.js'))) {
  const path = join(root, file)
  if (!isOurs(metafile.outputs[file])) {
    const minified = { minify: true, format: 'esm', target: 'node20', legalComments: 'none' }
    const { code } = await transform(readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL.*$/m, ''), minified)
    writeFileSync(path, code)
    rmSync(`${path}.map`)
    continue
  }
  const text = readFileSync(path, 'utf8')
    .replace(/^var (\w+) = class(?: (\w+))?(?: extends [\w.]+)? \{/gm, named)
    .replace(/^var (\w+(?= =)|[{[])/gm, constant)
  const { warnings } = await transform(text, { format: 'esm' })
  if (warnings.length > 0) throw new Error(`${file}: ${warnings.map(({ text }) => text).join('; ')}`)
  writeFileSync(path, text.includes('Dynamic require of') ? requiring + text : text)
}
