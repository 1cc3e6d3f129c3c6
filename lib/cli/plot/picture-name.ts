/** Checks the name of a picture. */
import { extname } from 'node:path'
import { UsageError } from '../shared/exit.js'

/** Refuses a name with the extension of another format: no program opens a .png that holds SVG. */
export function checkPictureName(picture: string): void {
  const extension = extname(picture)
  if (extension === '' || extension.toLowerCase() === '.svg') return
  const svg = `${picture.slice(0, -extension.length)}.svg`
  throw new UsageError(
    `${picture} was not written: pictures are SVG. Pass ${svg}; rsvg-convert, Inkscape or a browser converts it to other formats`,
  )
}
