/** The files of the page, which the build puts beside the library. */
import { readFileSync } from 'node:fs'
import { H5TracksError } from '../../base/errors.js'

export interface PageFile {
  readonly type: string
  readonly bytes: Uint8Array
}

const files = {
  '': { url: new URL('../page/index.html', import.meta.url), type: 'text/html; charset=utf-8' },
  'page.js': { url: new URL('../page/page.js', import.meta.url), type: 'text/javascript; charset=utf-8' },
  'page.css': { url: new URL('../page/page.css', import.meta.url), type: 'text/css; charset=utf-8' },
  'icon.svg': { url: new URL('../page/icon.svg', import.meta.url), type: 'image/svg+xml' },
} as const

/** The files by their paths. Throws ENOENT if the package is not complete. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  return new Map(
    Object.entries(files).map(([path, { url, type }]) => {
      try {
        return [path, { type, bytes: readFileSync(url) }]
      } catch (error) {
        const { code = 'ENOENT', message } = error as NodeJS.ErrnoException
        throw new H5TracksError(`the page of h5tracks/view is missing from the package: ${message}`, { code })
      }
    }),
  )
}
