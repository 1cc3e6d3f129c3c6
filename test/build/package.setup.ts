import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildEnvironment, checkout, plainEnvironment, ROOT, succeed, temporary } from './support.js'

/** The package as it would be published, made once for all the checks. */
export interface Package {
  /** The tarball that `npm pack` made from a checkout with a prebuilt addon. */
  tarball: string
  /** A project in which it is installed. */
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
    const packed = await succeed('npm', ['pack', '--json', '--pack-destination', directory], {
      cwd: source,
      env: plainEnvironment(),
    })
    const [{ filename }] = JSON.parse(packed.stdout.slice(packed.stdout.search(/^\[/m)))
    const made = {
      tarball: join(directory, filename),
      project: join(directory, 'project'),
      npmCache: join(directory, 'npm'),
    }
    await emptyProject(made.project)
    await succeed('npm', ['install', '--no-audit', '--no-fund', '--cache', made.npmCache, made.tarball], {
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
