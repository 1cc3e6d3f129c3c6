import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/** Expects that a file has exactly these bytes. (`toEqual` takes 0.2 s for a file of 300 KB, because it compares byte by byte.) */
export function expectBytes(path: string, bytes: Buffer): void {
  expect(readFileSync(path).equals(bytes), `${path} has the expected bytes`).toBe(true)
}
