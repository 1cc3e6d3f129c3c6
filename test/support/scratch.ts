import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'h5tracks-test-'))
let count = 0

afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A path in a new empty directory, which is removed at the end of the test file. */
export function scratch(name = 'tracks.h5'): string {
  const directory = join(root, String(count++))
  mkdirSync(directory)
  return join(directory, name)
}
