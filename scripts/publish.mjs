// Publishes the tarballs of `npm run packages -- DIRECTORY --complete` with provenance; only the release workflow does it:
//   node scripts/publish.mjs DIRECTORY [--dry-run]
// The packages of the addons come first, so that h5tracks never names one that is not there. What is published already is left out,
// so a run that failed halfway can be repeated.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({ options: { 'dry-run': { type: 'boolean' } }, allowPositionals: true })
const [directory = 'out/packages'] = positionals
const dry = values['dry-run'] ?? false
if (!dry && !process.env.ACTIONS_ID_TOKEN_REQUEST_URL) {
  throw new Error('packages are published by .github/workflows/release.yml only, which proves where they were built')
}

const manifestIn = (tarball) =>
  JSON.parse(execFileSync('tar', ['xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }))
const packages = readdirSync(directory)
  .filter((name) => name.endsWith('.tgz'))
  .map((name) => ({ tarball: join(directory, name), ...manifestIn(join(directory, name)) }))
const [main, ...others] = packages.filter(({ name }) => name === 'h5tracks')
if (main === undefined || others.length > 0) throw new Error(`${directory} does not hold one package h5tracks`)
const addons = packages.filter((one) => one !== main)
const wrong = addons.filter(({ name, version }) => main.optionalDependencies[name] !== version).map(({ name }) => name)
if (wrong.length > 0) throw new Error(`h5tracks ${main.version} does not depend on these packages: ${wrong.join(', ')}`)
const absent = Object.keys(main.optionalDependencies).filter((name) => !addons.some((one) => one.name === name))
if (absent.length > 0) throw new Error(`${directory} lacks ${absent.join(', ')}`)
const { GITHUB_REF_TYPE: type, GITHUB_REF_NAME: tag } = process.env
if (!dry && type === 'tag' && tag !== `v${main.version}`)
  throw new Error(`the tag is ${tag}, the version ${main.version}`)

for (const { name, version, tarball } of [...addons, main]) {
  const known = !dry && spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' }).stdout.trim()
  if (known) {
    console.log(`${name}@${version} is published already`)
    continue
  }
  const options = ['--provenance', '--access', 'public', '--tag', version.includes('-') ? 'next' : 'latest']
  console.log(`npm publish ${tarball} ${options.join(' ')}`)
  if (!dry) execFileSync('npm', ['publish', tarball, ...options], { stdio: 'inherit' })
}
