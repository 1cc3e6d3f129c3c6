import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { entries, installed, packed, shipped } from './packed.js'
import { plainEnvironment, ROOT, run, temporary } from './support.js'

// The declarations of the tarball, compiled as a strict program compiles them that does not skip the check of libraries.

const tsc = join(ROOT, 'node_modules/.bin/tsc')
const strict = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022']

let consumer: string
beforeAll(() => {
  consumer = temporary('consumer')
  cpSync(installed('.'), join(consumer, 'node_modules/h5tracks'), { recursive: true })
  // The optional peer.
  mkdirSync(join(consumer, 'node_modules/@types'))
  symlinkSync(join(ROOT, 'node_modules/@types/node'), join(consumer, 'node_modules/@types/node'))
  writeFileSync(join(consumer, 'package.json'), '{ "type": "module" }')
})
afterAll(() => rmSync(consumer, { recursive: true }))

async function compiles(file: string, source: string, options: readonly string[]) {
  writeFileSync(join(consumer, file), source)
  const { code, all } = await run(tsc, [...strict, ...options, file], { cwd: consumer, env: plainEnvironment() })
  expect({ code, all }).toEqual({ code: 0, all: '' })
}

const program = (line: (entry: string, i: number) => string) =>
  `${entries().map(line).join('\n')}\nexport const all: readonly object[] = [${entries().map((_, i) => `e${i}`)}]\n`
const imported = program((entry, i) => `import * as e${i} from '${entry}'`)
const required = program((entry, i) => `import e${i} = require('${entry}')`)
const awaited = program((entry, i) => `const e${i} = import('${entry}')`)

test.each([
  ['imports, module node16', 'node16.mts', imported, ['--module', 'node16']],
  ['imports dynamically from CommonJS, module node16', 'node16.cts', awaited, ['--module', 'node16']],
  ['imports, module nodenext', 'nodenext.mts', imported, ['--module', 'nodenext']],
  ['requires from CommonJS, module nodenext', 'nodenext.cts', required, ['--module', 'nodenext']],
  ['requires from CommonJS, module node20', 'node20.cts', required, ['--module', 'node20']],
  [
    'imports, moduleResolution bundler',
    'bundler.ts',
    imported,
    ['--module', 'esnext', '--moduleResolution', 'bundler'],
  ],
  ['requires, module preserve', 'preserve.cts', required, ['--module', 'preserve']],
])('every entry compiles in a strict program that %s', (_, file, source, options) => compiles(file, source, options))

// What one entry brings into the program, such as the types of Node, must not hide what another lacks.
test.each(entries())('a strict program that imports only %s compiles', (entry) =>
  compiles('alone.mts', `import * as all from '${entry}'\nexport const names = Object.keys(all)\n`, [
    '--module',
    'nodenext',
  ]),
)

test('every declaration of the package compiles on its own, with exact optional properties too', async () => {
  const declarations = (await shipped()).filter((file) => file.endsWith('.d.ts'))
  expect(declarations.length).toBeGreaterThan(50)
  const source = declarations.map((file) => `import './node_modules/h5tracks/${file.replace(/\.d\.ts$/, '.js')}'`)
  await compiles('every.mts', `${source.join('\n')}\n`, [
    ...['--module', 'nodenext', '--types', 'node', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
    '--noUncheckedSideEffectImports',
  ])
})

test('the types that a program names are those of the package, not any', async () => {
  const source = `
    import { TrackingWriter, readTrackingResults } from 'h5tracks'
    import { File } from 'h5tracks/hdf5'
    export const written: boolean = new TrackingWriter('a.h5', ['top'], { maxFish: 2 }).writeFrame(0, [])
    export const positions: Float32Array = (await readTrackingResults('a.h5')).centroid3d.data
    export const file: File = await File.open('a.h5', 'r')
    // @ts-expect-error: a number is no path
    await File.open(1, 'r')
    // @ts-expect-error: there is no such option
    new TrackingWriter('a.h5', ['top'], { maxFishes: 2 })
  `
  await compiles('program.mts', source, ['--module', 'nodenext'])
})

test('publint finds no fault in the tarball', async () => {
  const { code, all } = await run(join(ROOT, 'node_modules/.bin/publint'), ['--strict', packed().tarball])
  expect({ code, all }).toEqual({ code: 0, all: expect.stringContaining('All good!') })
})

test('are-the-types-wrong finds no fault in the tarball', async () => {
  // esm-only leaves out two resolutions that cannot succeed: TypeScript's node10 knows no exports, and node16 knows no
  // require() of an ES module, which Node itself and nodenext know.
  const attw = join(ROOT, 'node_modules/.bin/attw')
  const args = ['--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'json', packed().tarball]
  const { code, stdout } = await run(attw, args)
  const { analysis } = JSON.parse(stdout)
  const problems = analysis.problems.filter(
    ({ resolutionKind }: { resolutionKind?: string }) => !['node10', 'node16-cjs'].includes(resolutionKind ?? ''),
  )
  expect({ code, problems }).toEqual({ code: 0, problems: [] })
  expect(Object.keys(analysis.entrypoints).length).toBeGreaterThan(entries().length)
})
