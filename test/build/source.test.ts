import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT, succeed } from './support.js'

// The sources are formatted, pass the linters and the type checker, and are short enough to be read.

test.for(['lint', 'types'])('npm run %s succeeds', async (script) => {
  await succeed('npm', ['run', script], { cwd: ROOT })
})

test('no source file has more than 400 lines', async () => {
  const { stdout } = await succeed(
    'git',
    ['ls-files', '--', '*.ts', '*.mjs', '*.js', '*.cc', '*.h', '*.py', '*.cmake'],
    { cwd: ROOT },
  )
  const lines = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1
  const files = stdout.split('\n').filter(Boolean)
  expect(files.length).toBeGreaterThan(50)
  expect(files.filter((file) => lines(file) > 400)).toEqual([])
})

test('package.json and package-lock.json have the same version', () => {
  const version = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')).version
  expect(version('package-lock.json')).toBe(version('package.json'))
})
