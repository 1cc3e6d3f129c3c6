import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { python } from '../support/interpreter.js'
import { program, ROOT, run } from '../support/process.js'
import { scratch } from '../support/scratch.js'

// docs/coming-from.md shows ten tasks in each library. Its snippets run and print what their comments say.

const page = readFileSync(join(ROOT, 'docs/coming-from.md'), 'utf8')
const fence = /^```\w+ (?<library>[\w.]+)\n(?<source>[\s\S]*?)^```$/gm
const tasks = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({
    title: text.slice(0, text.indexOf('\n')),
    sources: new Map([...text.matchAll(fence)].map(({ groups }) => [groups!.library, groups!.source!])),
  }))

/** The expected output: the comments after statements that print. */
const promised = (source: string) =>
  [...source.matchAll(/^.*(?:console\.log|print)\(.* (?:\/\/|#) (?<said>.*)$/gm)].map(({ groups }) => groups!.said!)

const libraries: Record<string, (source: string) => [string, string[]]> = {
  h5tracks: (source) => [process.execPath, [program(source)]],
  h5wasm: (source) => [process.execPath, [program(source)]],
  h5py: (source) => [python(), ['-c', source]],
}

test('docs/coming-from.md has ten tasks, each in four libraries', () => {
  expect(tasks).toHaveLength(10)
  for (const { sources } of tasks) expect([...sources.keys()]).toEqual(['h5py', 'h5wasm', 'hdf5.node', 'h5tracks'])
})

describe.each(Object.entries(libraries))('%s', (library, command) => {
  const directory = join(dirname(scratch()), library)
  mkdirSync(directory)
  test.each(tasks)(`the ${library} snippet of the task $title prints what its comments say`, async ({ sources }) => {
    const source = sources.get(library)!
    const [executable, args] = command(source)
    const { code, stdout, stderr } = await run(executable, args, { cwd: directory })
    expect({ code, stderr, said: stdout.split('\n').filter(Boolean) }).toEqual({
      code: 0,
      stderr: '',
      said: promised(source),
    })
  })
})
