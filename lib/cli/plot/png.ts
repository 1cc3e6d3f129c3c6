/** Turns the picture into PNG by resvg, an optional peer. */
import { Failure } from '../shared/exit.js'

/** Pixels of the PNG for each pixel of the SVG, so that text and thin lines are sharp on every display. */
const ZOOM = 2

type Resvg = typeof import('@resvg/resvg-js')

/** Throws Failure if resvg is not installed. Called before a file is read, which may take long. */
export async function loadResvg(picture: string): Promise<Resvg> {
  try {
    return await import('@resvg/resvg-js')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const why =
      code === 'ERR_MODULE_NOT_FOUND' ? 'PNG needs the package @resvg/resvg-js' : `@resvg/resvg-js: ${message}`
    const svg = picture === '-' ? '--format svg' : picture.replace(/\.png$/i, '.svg')
    throw new Failure(
      `${picture} was not written: ${why}. Run npm install @resvg/resvg-js beside h5tracks, or write ${svg}, which needs nothing`,
    )
  }
}

/** @returns the PNG, and a sentence if its texts are missing */
export function toPng({ Resvg }: Resvg, svg: string): { png: Uint8Array; left: string[] } {
  const options = { font: { loadSystemFonts: true }, fitTo: { mode: 'zoom', value: ZOOM } } as const
  const text =
    '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><text y="50" font-family="sans-serif">x</text></svg>'
  const left = new Resvg(text, options).innerBBox()
    ? []
    : ['Not drawn: the texts, because no font is installed; install one such as fonts-dejavu-core, or write SVG.']
  return { png: new Resvg(svg, options).render().asPng(), left }
}
