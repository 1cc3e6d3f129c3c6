import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTrackingResultsSync } from 'h5tracks'
import { describe, expect, test } from 'vitest'
import { ROOT, run, runNode } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// Readers copy README's programs first: they run unchanged in the oldest supported Node.

const blocksOf = (file: string) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^```(?:js|ts)\n([\s\S]*?)^```$/gm)].map(([, source]) => source!)
const [write, read] = blocksOf('README.md') as [string, string]

test('the first two programs of README.md write a file and read it', async () => {
  const cwd = join(scratch('run.h5'), '..')
  const tracker = `
    import { school } from 'frames'
    async function* frames() {
      for (const { frameIndex, tracks } of school(1700, 4, ['top', 'front'])) yield { index: frameIndex, tracks }
    }
    const tracker = frames()`
  expect(await runNode(`${tracker}\n${write}`, [], { cwd })).toMatchObject({ code: 0, stderr: '', stdout: '' })
  const { frameIndex, metadata } = readTrackingResultsSync(join(cwd, 'run.h5'))
  expect({ frames: frameIndex.shape, fps: metadata.fps }).toEqual({ frames: [1700], fps: 60 })

  const shown = `console.log([results.centroid3d.shape, results.bboxes.top.shape, window.fishId.shape, fish.frameIndex.data.length])`
  const { code, stderr, stdout } = await runNode(`${read}\n${shown}`, [], { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('1699 4')
})

const PAGES = [
  'README.md',
  'docs/layouts.md',
  'docs/tracker.md',
  'docs/recovery.md',
  'docs/untrusted.md',
  'docs/editing.md',
]
describe.each(PAGES)('%s', (file) => {
  test.each(blocksOf(file).map((source, i) => [i + 1, source] as const))(
    `code block %i of ${file} parses`,
    async (_i, source) => {
      const path = scratch('block.mjs')
      writeFileSync(path, source)
      expect(await run(process.execPath, ['--check', path])).toMatchObject({ code: 0, stderr: '' })
    },
  )
})

test('docs/errors.md lists exactly the codes that H5TracksError documents', () => {
  const codes = (file: string, pattern: RegExp) =>
    [...new Set([...readFileSync(join(ROOT, file), 'utf8').matchAll(pattern)].map(([, code]) => code!))].sort()
  const documented = codes('lib/base/errors.ts', /^ \* \| `(ERR_\w+)`/gm)
  expect(documented.length).toBeGreaterThan(20)
  expect(codes('docs/errors.md', /`(ERR_\w+)`/g)).toEqual(documented)
})
