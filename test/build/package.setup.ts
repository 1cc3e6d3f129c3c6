import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildEnvironment, checkout, plainEnvironment, ROOT, succeed, temporary } from './support.js'

/** The packages as they would be published, made once for all the checks. */
export interface Package {
  /** The tarball of h5tracks. */
  tarball: string
  /** The tarball of the package with the addon for this machine. */
  addonTarball: string
  /** A project in which both are installed. */
  project: string
  /** An npm cache with everything that such an install needs. */
  npmCache: string
}

declare module 'vitest' {
  interface ProvidedContext {
    package: Package | string
  }
}

async function make(directory: string): Promise<Package> {
  const source = await checkout()
  try {
    // A copy: through a link the headers in it would have other paths, and ccache would find none of the object files.
    cpSync(join(ROOT, 'node_modules'), join(source, 'node_modules'), { recursive: true, verbatimSymlinks: true })
    await succeed('npm', ['run', 'prebuild'], { cwd: source, env: buildEnvironment(source) })
    await succeed('npm', ['run', 'packages', '--', directory], { cwd: source, env: plainEnvironment() })
    const tarballs = readdirSync(directory).filter((name) => name.endsWith('.tgz'))
    const [tarball, addonTarball] = tarballs.sort().map((name) => join(directory, name)) as [string, string]
    const made = {
      tarball,
      addonTarball,
      project: join(directory, 'project'),
      npmCache: join(directory, 'npm'),
    }
    await emptyProject(made.project)
    await succeed('npm', ['install', '--no-audit', '--no-fund', '--cache', made.npmCache, tarball, addonTarball], {
      cwd: made.project,
      env: plainEnvironment({ PREBUILDS_ONLY: '1' }),
    })
    return made
  } finally {
    rmSync(source, { recursive: true })
  }
}

async function emptyProject(directory: string) {
  await succeed('mkdir', ['-p', directory])
  writeFileSync(join(directory, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
}

export default async function setup(project: TestProject): Promise<() => void> {
  const directory = temporary('package')
  // A broken package fails only the checks that need it.
  project.provide('package', await make(directory).catch((error: Error) => error.message))
  return () => rmSync(directory, { recursive: true })
}
