import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'
import type { Package } from './package.setup.js'

/** The package made by the set-up; throws the reason if there is none. */
export function packed(): Package {
  const made = inject('package')
  if (typeof made === 'string') throw new Error(`the package could not be made: ${made}`)
  return made
}

/** The prebuilt addon in the installed package. */
export function prebuilt(): string {
  const prebuilds = join(packed().project, 'node_modules/h5tracks/prebuilds')
  const [platform] = readdirSync(prebuilds)
  const [file] = readdirSync(join(prebuilds, platform!))
  return join(prebuilds, platform!, file!)
}
