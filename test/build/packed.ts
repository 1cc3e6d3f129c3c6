import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Package } from './package.setup.js'
import { ROOT, succeed } from './support.js'

/** The package made by the set-up; throws the reason if there is none. */
export function packed(): Package {
  const made = inject('package')
  if (typeof made === 'string') throw new Error(`the package could not be made: ${made}`)
  return made
}

/** The prebuilt addon in a project where h5tracks is installed. */
export function prebuilt(project = packed().project): string {
  const packages = join(project, 'node_modules/@h5tracks')
  const [target] = readdirSync(packages)
  const prebuilds = join(packages, target!, 'prebuilds')
  const [platform] = readdirSync(prebuilds)
  const [file] = readdirSync(join(prebuilds, platform!))
  return join(prebuilds, platform!, file!)
}

/** A path inside the installed package. */
export const installed = (path: string) => join(packed().project, 'node_modules/h5tracks', path)

const manifest = () => JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** What a program can import: 'h5tracks', 'h5tracks/hdf5' and so on, as `exports` of package.json says. */
export function entries(): string[] {
  const modules = Object.keys(manifest().exports).filter((key) => !key.endsWith('.json'))
  return modules.map((key) => `h5tracks${key.slice(1)}`)
}

/** The files of the tarball, by their paths in the package. */
export async function shipped(): Promise<string[]> {
  const { stdout } = await succeed('tar', ['tzf', packed().tarball])
  return stdout.split('\n').flatMap((name) => /^package\/(.*[^/])$/.exec(name)?.[1] ?? [])
}
