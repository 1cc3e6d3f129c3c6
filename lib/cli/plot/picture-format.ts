/** The formats of pictures: by name, or by the extension of the file. */
import { extname } from 'node:path'
import { UsageError } from '../shared/exit.js'

export const FORMATS = ['svg', 'png'] as const
export type PictureFormat = (typeof FORMATS)[number]

/**
 * The format that a picture is written in: the one asked for, else that of its extension, else SVG. Throws UsageError for the extension of
 * another format: no program opens a .jpg that holds SVG.
 */
export function pictureFormat(picture: string, asked?: PictureFormat): PictureFormat {
  const extension = picture === '-' ? '' : extname(picture)
  const named = FORMATS.find((format) => `.${format}` === extension.toLowerCase())
  if (extension === '' || (named !== undefined && (asked ?? named) === named)) return asked ?? named ?? 'svg'
  const stem = picture.slice(0, -extension.length)
  const what = asked === undefined ? 'pictures are SVG or PNG' : `--format ${asked} does not go with its extension`
  const names = (asked === undefined ? FORMATS : [asked]).map((format) => `${stem}.${format}`).join(' or ')
  throw new UsageError(
    `${picture} was not written: ${what}. Pass ${names}; rsvg-convert, Inkscape or a browser converts SVG to other formats`,
  )
}
