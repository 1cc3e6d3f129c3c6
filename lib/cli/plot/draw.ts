/** Draws the picture: the views one below the other, those of a scene in the same scale, with the legend beside and sentences below. */
import { parseHTML } from 'linkedom'
import type { ColourOf } from './colours.js'
import { escaped } from './escaped.js'
import { MARGIN } from './geometry.js'
import { animalsIn, legend } from './legend.js'
import { gapsText, leftOut, subtitle } from './notes.js'
import { FONT, GREY, INK, panel } from './panel.js'
import type { Scene } from './scene.js'

const HEADER = 78
const GAP = 14
const NOTE_HEIGHT = 17
/** The first and last positions of more animals would hide the lines. */
const MOST_MARKED = 200

/** @returns `svg`: a complete SVG document without external references; `left`: sentences that say what it shows and leaves out */
export function draw(scenes: readonly Scene[], colourOf: ColourOf, title: string): { svg: string; left: string[] } {
  const { document } = parseHTML('<html></html>')
  const marked = animalsIn(scenes).length <= MOST_MARKED
  const left = leftOut(scenes, marked)
  const notes = [...gapsText(scenes), ...left]
  let y = HEADER
  const panels = scenes.flatMap(({ survey, views, trails }) =>
    views.map((view, v) => {
      const content = panel(view, { document, survey, trails: trails.views[v]!, colourOf, marked })
      const moved = `<g transform="translate(0,${y})">${content}</g>`
      y += view.height + GAP
      return moved
    }),
  )
  const widest = Math.max(...scenes.flatMap(({ views }) => views.map((view) => view.width)))
  const meanings = legend(scenes, colourOf, marked, y - HEADER - MARGIN.top)
  const width = Math.max(640, widest + 8 + meanings.width)
  const bottom = Math.max(y, HEADER + MARGIN.top + meanings.height + GAP)
  const height = bottom + notes.length * NOTE_HEIGHT
  const svg = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="36" font-size="20" font-weight="bold">${escaped(title)}</text>`,
    `<text x="${MARGIN.left}" y="58" font-size="13" fill="${GREY}">${escaped(subtitle(scenes))}</text>`,
    ...panels,
    `<g transform="translate(${widest + 8},${HEADER + MARGIN.top})">${meanings.svg}</g>`,
    ...notes.map(
      (note, i) => `<text x="${MARGIN.left}" y="${bottom + i * NOTE_HEIGHT}" fill="${GREY}">${escaped(note)}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n')
  return { svg, left }
}
