// Lays out the sources of the site in out/site: the pages where their links expect them, and links to other files of the
// repository as links to GitHub. VitePress then refuses every link that leads to no page.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const site = join(root, 'out/site')
const { homepage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const repository = homepage.replace(/#.*/, '')

const docs = readdirSync(join(root, 'docs'))
const pages = [
  ...['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...['bench/README.md', 'examples/README.md'],
  ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
]
const pictures = docs.filter((name) => /\.(svg|png)$/.test(name)).map((name) => `docs/${name}`)

function withLinks(page, text) {
  return text.replace(/(!?)\]\(([^)\s]+)\)/g, (whole, _image, target) => {
    if (/^(https?:|#|mailto:)/.test(target)) return whole
    const [path, anchor] = target.split('#')
    const file = normalize(join(dirname(page), path))
    if (pages.includes(file) || pictures.includes(file)) return whole
    return `](${repository}/blob/main/${file}${anchor ? `#${anchor}` : ''})`
  })
}

rmSync(site, { recursive: true, force: true })
for (const page of pages) {
  mkdirSync(join(site, dirname(page)), { recursive: true })
  writeFileSync(join(site, page), withLinks(page, readFileSync(join(root, page), 'utf8')))
}
for (const picture of pictures) cpSync(join(root, picture), join(site, picture))
cpSync(join(root, 'scripts/site/index.md'), join(site, 'index.md'))
// Pages are compiled to modules, which import Vue.
symlinkSync(join(root, 'scripts/site/node_modules'), join(site, 'node_modules'))
