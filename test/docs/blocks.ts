import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../support/process.js'

/** The code blocks of a page in order, each with its language. */
export function blocksOf(page: string): { language: string; source: string }[] {
  const text = readFileSync(join(ROOT, page), 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, source]) => ({
    language: language as string,
    source: source as string,
  }))
}
