import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ROOT } from '../support/process.js'

const text = (page: string) => readFileSync(join(ROOT, page), 'utf8')
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter(Boolean)

/** The anchors that GitHub gives to the headings of a page. */
const anchors = (page: string) =>
  [...text(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const links = (page: string) =>
  [...text(page).matchAll(/\]\((?<target>[^)\s]+)\)/g)].map(({ groups }) => groups!.target!)

test.each(pages)('every link in %s leads to a file of the repository, and its anchor to a heading', (page) => {
  const broken = links(page)
    .filter((target) => !/^https?:/.test(target))
    .filter((target) => {
      const [path, anchor] = target.split('#') as [string, string | undefined]
      const file = path === '' ? page : join(dirname(page), path)
      return !existsSync(join(ROOT, file)) || (anchor !== undefined && !anchors(file).includes(anchor))
    })
  expect(broken).toEqual([])
})

// CHANGELOG.md names files as they were.
test.each(pages.filter((page) => page !== 'CHANGELOG.md'))('every path in backquotes in %s exists', (page) => {
  const path = /`(?<path>(?:lib|native|test|scripts|cmake|bench|examples|docs)\/[\w./-]+)`/g
  const named = [...text(page).matchAll(path)].map(({ groups }) => groups!.path!)
  expect(named.filter((name) => !existsSync(join(ROOT, name)))).toEqual([])
})
