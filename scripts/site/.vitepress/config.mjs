// The site: its sources are those of prepare.mjs and typedoc, its output is out/docs.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const source = join(root, 'out/site')

/** The heading of a page. */
const titleOf = (page) =>
  /^# (.*)$/m.exec(readFileSync(join(source, `${page}.md`), 'utf8'))?.[1].replaceAll('`', '') ?? page
const item = (page) => ({ text: titleOf(page), link: `/${page}` })

const sections = {
  'First steps': ['start', 'tutorial', 'formats', 'view', 'editing', 'tracker'],
  'Files and formats': ['format', 'formats', 'layouts', 'read-anywhere', 'compression'],
  'Nothing is lost': ['recovery', 'journal', 'robustness', 'errors', 'untrusted'],
  'Many recordings': ['scale'],
  'Any HDF5 file': ['coming-from', 'h5wasm'],
  'How it is built': ['building'],
}
const known = new Set(Object.values(sections).flat())
const others = readdirSync(join(source, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.slice(0, -3))
  .filter((name) => !known.has(name))
if (others.length > 0) sections.More = others

const sidebar = Object.entries(sections).map(([text, names]) => ({
  text,
  items: names.filter((name) => existsSync(join(source, `docs/${name}.md`))).map((name) => item(`docs/${name}`)),
}))
sidebar
  .at(-1)
  .items.push(...['ARCHITECTURE', 'CONTRIBUTING', 'SECURITY', 'CHANGELOG', 'bench/README', 'examples/README'].map(item))

const entries = readdirSync(join(source, 'reference'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && name !== 'modules.md')
  .map((name) => name.slice(0, -3))
  .sort((a, b) => Number(b === 'index') - Number(a === 'index') || a.localeCompare(b))
const reference = entries.map((name) => ({
  text: name === 'index' ? 'h5tracks' : `h5tracks/${name}`,
  link: `/reference/${name === 'index' ? '' : name}`,
}))

export default defineConfig({
  title: 'h5tracks',
  description: 'Animal tracks in HDF5: writes them without losing a frame, reads them, shows them, converts them',
  srcDir: '../../out/site',
  outDir: '../../out/docs',
  cacheDir: '../../out/.vitepress-cache',
  cleanUrls: true,
  lastUpdated: false,
  // Pages are long, and each is read as a whole.
  vite: { build: { chunkSizeWarningLimit: 5000 } },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Start here', link: '/docs/start' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Changes', link: '/CHANGELOG' },
    ],
    sidebar: { '/reference/': [{ text: 'Reference', items: reference }], '/': sidebar },
  },
})
