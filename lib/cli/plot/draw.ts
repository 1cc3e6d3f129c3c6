/** Draws the picture: the top view and, below it on the same x axis, the side view. All axes have the same scale. */
import { parseHTML } from 'linkedom'
import { count, duration, thousands } from '../shared/terminal.js'
import type { ColourOf } from './colours.js'
import { escaped } from './escaped.js'
import { MARGIN, type View } from './geometry.js'
import { LEGEND_WIDTH, legend } from './legend.js'
import { FONT, GREY, INK, panel } from './panel.js'
import type { Positions } from './positions.js'
import type { Survey } from './survey.js'
import type { Trails } from './trails.js'

const HEADER = 78
const GAP = 14
const NOTE_HEIGHT = 17
/** The first and last positions of more fish would hide the lines. */
const MOST_MARKED = 200

/** @returns `svg`: a complete SVG document without external references; `left`: sentences that say what it shows and leaves out */
export function draw(
  survey: Survey,
  positions: Positions,
  views: readonly View[],
  trails: Trails,
  colourOf: ColourOf,
  title: string,
): { svg: string; left: string[] } {
  const { document } = parseHTML('<html></html>')
  const marked = survey.fish.length <= MOST_MARKED
  const left = [...(positions.drawn ? [positions.drawn] : []), ...leftOut(survey, positions, trails, marked)]
  const notes = [...gapsText(trails.gaps, positions), ...left]
  let y = HEADER
  const panels = views.map((view, v) => {
    const content = panel(view, { document, survey, trails: trails.views[v]!, colourOf, marked })
    const moved = `<g transform="translate(0,${y})">${content}</g>`
    y += view.height + GAP
    return moved
  })
  const widest = Math.max(...views.map((view) => view.width))
  const width = Math.max(640, widest + LEGEND_WIDTH)
  const height = y + notes.length * NOTE_HEIGHT
  const svg = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="36" font-size="20" font-weight="bold">${escaped(title)}</text>`,
    `<text x="${MARGIN.left}" y="58" font-size="13" fill="${GREY}">${escaped(subtitle(survey, positions))}</text>`,
    ...panels,
    `<g transform="translate(${widest + 8},${HEADER + MARGIN.top})">${legend(survey, positions, colourOf, marked)}</g>`,
    ...notes.map(
      (note, i) => `<text x="${MARGIN.left}" y="${y + i * NOTE_HEIGHT}" fill="${GREY}">${escaped(note)}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n')
  return { svg, left }
}

function subtitle({ fish, frames, span, cameras, fps }: Survey, { noun, plural }: Positions): string {
  const parts = [count(fish.length, noun, plural), count(frames, 'frame'), count(cameras, 'camera')]
  if (fps !== null && fps > 0 && span !== null) parts.push(duration(span / fps))
  return parts.join('  ·  ')
}

function gapsText(gaps: number, { noun }: Positions): string[] {
  if (gaps === 0) return []
  return [`Lines are interrupted where a ${noun} was not known: ${count(gaps, 'time')}.`]
}

function leftOut({ fish, odd }: Survey, { noun, plural }: Positions, { views }: Trails, marked: boolean): string[] {
  const nowhere = fish.filter(({ first }) => first === null).length
  const ids = views.flatMap(({ lines }) => [...lines].filter(([, { all }]) => all.isOnCanvas).map(([id]) => id))
  const long = new Set(ids).size
  const left: string[] = []
  if (nowhere > 0)
    left.push(`Not drawn: ${count(nowhere, noun, plural)} of ${thousands(fish.length)} whose position is never known.`)
  if (odd > 0) left.push(`Not drawn: ${count(odd, 'position')} partly unknown or not finite.`)
  if (long > 0) {
    const who = count(long, noun, plural)
    left.push(
      `Drawn as pixels, because the lines have too many points: ${who}. The last ${noun} at a pixel gives its colour.`,
    )
  }
  if (!marked) left.push(`Not marked: the first and last position of each of ${thousands(fish.length)} ${plural}.`)
  return left
}
