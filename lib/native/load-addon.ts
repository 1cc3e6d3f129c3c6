/** Finds and loads the native addon. The error says what to do if there is none, or if it does not load. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { H5TracksError } from '../base/errors.js'
import { platform } from './platform.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const load = createRequire(import.meta.url)

/** Why there is no addon for this platform. */
export interface Problem {
  /** The reason as a clause: 'there is no prebuilt addon for Linux riscv64 with glibc'. */
  readonly reason: string
  /** What to do if nothing is to be built: 'run npm install ...'. */
  readonly remedy?: string
}

/** Returns the exports of the addon. Throws ERR_NO_ADDON. */
export function loadAddon(): unknown {
  // Tests and developers set this to use another build, such as the one with the system's HDF5 or with a sanitizer.
  const override = process.env.H5TRACKS_ADDON
  try {
    return load(override || addonPath())
  } catch (cause) {
    throw Object.assign(new H5TracksError(sentence(cause as Error, override), { code: 'ERR_NO_ADDON' }), { cause })
  }
}

/** Says why the addon does not load, or undefined if it does. What is in build/ does not count. For scripts/install.mjs. */
export function problemOfPrebuilt(): Problem | undefined {
  process.env.PREBUILDS_ONLY = '1'
  try {
    load(addonPath())
    return undefined
  } catch (cause) {
    return problemOf(cause as Error)
  }
}

/** The file of the addon: built here, or in the package of the platform, or beside it in a tarball that has prebuilds/. */
function addonPath(): string {
  const { target } = platform()
  const nodeGypBuild = load('node-gyp-build') as { path: (directory: string) => string }
  let missing: unknown
  for (const directory of [root, packageDirectory(target), join(root, 'prebuilds', target)]) {
    if (directory === undefined || !existsSync(directory)) continue
    try {
      return nodeGypBuild.path(directory)
    } catch (error) {
      missing ??= error
    }
  }
  throw missing
}

const packageOf = (target: string) => `@h5tracks/${target}`
const manifestOf = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** The directory of the platform's package, if that belongs to this version: library and addon only fit together. */
function packageDirectory(target: string): string | undefined {
  try {
    const file = load.resolve(`${packageOf(target)}/package.json`)
    return manifestOf(file).version === manifestOf(join(root, 'package.json')).version ? dirname(file) : undefined
  } catch {
    return undefined
  }
}

const isMissing = ({ message }: Error) => /^No native build was found/.test(message)

function problemOf(cause: Error): Problem {
  const { target, title } = platform()
  if (!isMissing(cause)) return { reason: `the addon does not load on ${title} (${oneLine(cause)})` }
  const { optionalDependencies = {} } = manifestOf(join(root, 'package.json'))
  const version = optionalDependencies[packageOf(target)]
  if (version !== undefined) {
    const wanted = `${packageOf(target)}@${version}`
    const reason = `the package of the addon for ${title}, ${wanted}, is not installed`
    return { reason, remedy: `run npm install --no-save ${wanted}` }
  }
  const reason = `there is no prebuilt addon for ${title}`
  if (process.platform !== 'win32') return { reason }
  if (process.arch !== 'x64') return { reason, remedy: 'run it in the x64 version of Node.js' }
  return { reason, remedy: 'make one on Linux with npm run prebuild -- win32-x64' }
}

const oneLine = ({ message }: Error) => message.trim().replaceAll(/\s*\n\s*/g, '; ')

function sentence(cause: Error, override: string | undefined): string {
  if (override) return `the addon that H5TRACKS_ADDON names does not load: ${oneLine(cause)}`
  const script = join(root, 'scripts/install.mjs')
  if (!existsSync(script)) {
    return (
      `h5tracks runs from ${fileURLToPath(import.meta.url)}, outside of its package, and finds no addon there, so tell the ` +
      'bundler to leave h5tracks external, for example with esbuild --external:h5tracks'
    )
  }
  const { reason, remedy } = problemOf(cause)
  const build = `run node ${JSON.stringify(script)}${isMissing(cause) ? '' : ' --build-from-source'}`
  return `h5tracks cannot start, because ${reason}: ${remedy ?? build}`
}
