import { extname } from 'node:path'
import { UsageError } from '../shared/exit.js'

/** Refuses a name that says that something else than SVG is wanted: a PNG with SVG in it opens nowhere. */
export function checkPictureName(picture: string): void {
  const extension = extname(picture)
  if (extension === '' || extension.toLowerCase() === '.svg') return
  const svg = `${picture.slice(0, -extension.length)}.svg`
  throw new UsageError(
    `${picture} is not written: pictures are SVG. Write ${svg}; rsvg-convert, Inkscape or a browser makes other formats of it`,
  )
}
