import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readTrackingResultsSync } from 'h5tracks'
import { expect, test } from 'vitest'
import { MAIN } from '../cli/command.js'
import { python } from '../support/interpreter.js'
import { ROOT, run } from '../support/process.js'
import { scratch } from '../support/scratch.js'
import { blocksOf } from './blocks.js'

// Every step of the pages that newcomers read first works as it stands.

/** A folder in which h5tracks is installed. */
function project(): string {
  const folder = dirname(scratch())
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules/h5tracks'))
  return folder
}

/** Runs the lines of a shell block, without its comments and without what installs or serves. */
async function shell(source: string, cwd: string): Promise<void> {
  for (const line of source.split('\n')) {
    const words = [...line.replace(/ #.*$/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, plain]) => quoted ?? plain!,
    )
    const [program, ...args] = words
    if (program === undefined || line.startsWith('npm install') || args[1] === 'view') continue
    if (program === 'cp') {
      cpSync(join(cwd, args[1]!), join(cwd, 'track'), { recursive: true })
      continue
    }
    const [file, given] =
      program === 'npx'
        ? [process.execPath, [MAIN, ...args.slice(1)]]
        : [program === 'node' ? process.execPath : program, args]
    const { code, stderr } = await run(file, given, { cwd })
    expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' })
  }
}

test('the tutorial goes from detections to a figure, and its results are those of the simulated pool', async () => {
  const cwd = project()
  const numbers: string[] = []
  for (const { language, source } of blocksOf('docs/tutorial.md')) {
    const [, name] = /^(?:\/\/|#) (\S+\.(?:mjs|py))\n/.exec(source) ?? []
    if (language === 'sh') await shell(source, cwd)
    else writeFileSync(join(cwd, name!), source)
    if (language === 'python') {
      const { code, stdout, stderr } = await run(python(), [name!], { cwd })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      numbers.push(...stdout.trim().split('\n'))
    }
  }
  const { fishId, frameIndex } = readTrackingResultsSync(join(cwd, 'pool.h5'))
  expect(frameIndex.data).toHaveLength(600)
  const ids = new Set(fishId.data.filter((id) => id >= 0))
  expect(ids.size).toBeGreaterThanOrEqual(5)
  expect(numbers).toHaveLength(ids.size)
  for (const picture of ['pool.svg', 'first-second.svg', 'cam1.svg']) {
    expect(readFileSync(join(cwd, picture), 'utf8')).toMatch(/^<\?xml[\s\S]*<\/svg>\n$/)
  }
  const csv = readFileSync(join(cwd, 'speeds.csv'), 'utf8').trim().split('\n')
  expect(csv[0]).toBe('fish,second,speed')
  expect(csv.length).toBeGreaterThan(300)
  expect(existsSync(join(cwd, 'tables/tracks'))).toBe(true)
}, 60_000)

test('the programs of docs/start.md write a file and read it', async () => {
  const cwd = project()
  const programs = blocksOf('docs/start.md').filter(({ language }) => language === 'js')
  const said: string[] = []
  for (const { source } of programs) {
    writeFileSync(join(cwd, 'program.mjs'), source)
    const { code, stdout, stderr } = await run(process.execPath, ['program.mjs'], { cwd })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    said.push(stdout)
  }
  expect(said).toEqual(['', '[ 60, 3, 3 ]\n600\n'])
})
