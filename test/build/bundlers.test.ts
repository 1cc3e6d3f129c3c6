import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packed } from './packed.js'
import { plainEnvironment, ROOT, run, temporary } from './support.js'

// README's recipes for bundlers: the package stays outside of the bundle.

let directory: string
beforeAll(() => {
  directory = temporary('bundle')
  cpSync(packed().project, directory, { recursive: true, verbatimSymlinks: true })
  writeFileSync(
    join(directory, 'program.js'),
    `import { TrackingWriter, readTrackingResultsSync } from 'h5tracks'
     import { File } from 'h5tracks/hdf5'
     import { FishTracker } from 'h5tracks/tracker'
     new TrackingWriter('fish.h5', ['top']).closeSync()
     const file = new File('fish.h5', 'r')
     console.log(readTrackingResultsSync('fish.h5').cameraNames, file.keysSync(), new FishTracker().seedPoints())
     file.close()`,
  )
})
afterAll(() => rmSync(directory, { recursive: true }))

async function expectRuns(file: string) {
  rmSync(join(directory, 'fish.h5'), { force: true })
  const { code, all } = await run(process.execPath, [file], { cwd: directory, env: plainEnvironment() })
  expect({ code, all }).toEqual({ code: 0, all: expect.stringMatching(/^\[ 'top' \] \[ 'tracking' \]/) })
}

const tool = (name: string, ...args: string[]) =>
  run(join(ROOT, 'node_modules/.bin', name), args, { cwd: directory, env: plainEnvironment() })

const esbuild = (outfile: string, ...options: string[]) =>
  tool('esbuild', 'program.js', '--bundle', '--platform=node', `--outfile=${outfile}`, ...options)

test.each([
  ['esm', 'esm.mjs'],
  ['cjs', 'cjs.cjs'],
])('esbuild --external:h5tracks --format=%s makes a program that runs', async (format, outfile) => {
  expect(await esbuild(outfile, `--format=${format}`, '--external:h5tracks')).toMatchObject({ code: 0 })
  await expectRuns(outfile)
})

test('vite leaves the package outside of what it builds for a server', async () => {
  const config = `export default { build: { ssr: 'program.js', outDir: 'vite' }, ssr: { external: ['h5tracks'] }, logLevel: 'error' }`
  writeFileSync(join(directory, 'vite.config.mjs'), config)
  expect(await tool('vite', 'build')).toMatchObject({ code: 0 })
  await expectRuns('vite/program.js')
})

test('a bundle that contains the package says that the package must stay outside', async () => {
  expect(await esbuild('inside.mjs', '--format=esm')).toMatchObject({ code: 0 })
  const { code, all } = await run(process.execPath, ['inside.mjs'], { cwd: directory, env: plainEnvironment() })
  expect(code).toBe(1)
  expect(all).toMatch(/H5TracksError: h5tracks runs from \S+inside\.mjs, .*external/)
  expect(all).toContain("code: 'ERR_NO_ADDON'")
})
