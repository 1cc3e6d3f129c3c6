/** Finds and loads the native addon. The error says what to do if there is none, or if it does not load. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { H5TracksError } from '../base/errors.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Returns the exports of the addon. Throws ERR_NO_ADDON. */
export function loadAddon(): unknown {
  const require = createRequire(import.meta.url)
  // Tests and developers set this to use another build, such as the one with the system's HDF5 or with a sanitizer.
  const override = process.env.H5TRACKS_ADDON
  try {
    return override ? require(override) : (require('node-gyp-build') as (dir: string) => unknown)(root)
  } catch (cause) {
    throw Object.assign(noAddon(cause as Error, override), { cause })
  }
}

function noAddon({ message }: Error, override: string | undefined): H5TracksError {
  const here = `${process.platform}-${process.arch}`
  const script = join(root, 'scripts/install.mjs')
  const install = `node ${JSON.stringify(script)}`
  const why = override
    ? `the addon that H5TRACKS_ADDON names does not load: ${message}`
    : !existsSync(script)
      ? `h5tracks runs from ${fileURLToPath(import.meta.url)}, outside of its package, and finds no addon there. Tell the bundler ` +
        'to leave h5tracks external, for example with esbuild --external:h5tracks'
      : /^No native build was found/.test(message)
        ? `h5tracks has no addon for ${here} in ${root}: its install script was not run (npm install --ignore-scripts, or a package ` +
          `manager that asks before it runs one) or failed. Run: ${install}`
        : `the addon of h5tracks does not load on this ${here}: ${message}. To build one that does, run: ` +
          `npm_config_build_from_source=h5tracks ${install}`
  return new H5TracksError(why, { code: 'ERR_NO_ADDON' })
}
