/** The picture: the tank from the top and, below it on the same x axis, from the side. One scale for all axes. */
import { parseHTML } from 'linkedom'
import { count, duration } from '../terminal.js'
import { LEGEND_WIDTH, legend } from './legend.js'
import { colours, FONT, GREY, INK, MARGIN, panel } from './panel.js'
import { isKnown, type Traces } from './traces.js'

const HEADER = 78
const GAP = 14
const MOST_WIDTH = 860
const MOST_HEIGHT = 900

/** @returns a complete SVG document that refers to nothing outside itself */
export function draw(traces: Traces, title: string): string {
  const { document } = parseHTML('<html></html>')
  const range = {
    x: rangeOf(traces, 'x', 0),
    y: rangeOf(traces, 'y', 1),
    z: rangeOf(traces, 'z', 2),
  }
  const length = ([from, to]: readonly [number, number]) => to - from
  const scale = Math.min(MOST_WIDTH / length(range.x), MOST_HEIGHT / (length(range.y) + length(range.z)))
  const colourOf = colours(traces.fish.map(({ fishId }) => fishId))
  const shared = { document, traces, colourOf, scale }
  const top = panel({ ...shared, horizontal: 'x', vertical: 'y', name: 'Top view', ranges: [range.x, range.y] })
  const side = panel({ ...shared, horizontal: 'x', vertical: 'z', name: 'Side view', ranges: [range.x, range.z] })

  const below = HEADER + top.height + GAP
  const width = Math.max(640, top.width + LEGEND_WIDTH)
  const height = below + side.height + 12
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}" font-size="12" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${MARGIN.left}" y="36" font-size="20" font-weight="bold">${escaped(title)}</text>`,
    `<text x="${MARGIN.left}" y="58" font-size="13" fill="${GREY}">${escaped(subtitle(traces))}</text>`,
    `<g transform="translate(0,${HEADER})">${top.svg}</g>`,
    `<g transform="translate(0,${below})">${side.svg}</g>`,
    `<g transform="translate(${top.width + 8},${HEADER + MARGIN.top})">${legend(traces, colourOf)}</g>`,
    '</svg>',
    '',
  ].join('\n')
}

/** Of the data and the tank, with a little air around. */
function rangeOf({ fish, tank }: Traces, axis: 'x' | 'y' | 'z', index: number): [number, number] {
  let from = tank ? 0 : Number.POSITIVE_INFINITY
  let to = tank ? tank[index]! : Number.NEGATIVE_INFINITY
  for (const { places } of fish) {
    for (const place of places) {
      if (!isKnown(place)) continue
      from = Math.min(from, place[axis])
      to = Math.max(to, place[axis])
    }
  }
  const air = 0.03 * (to - from) || 1
  return [from - air, to + air]
}

function subtitle({ fish, frames, cameras, fps }: Traces): string {
  const parts = [count(fish.length, 'fish', 'fish'), count(frames, 'frame'), count(cameras, 'camera')]
  if (fps !== null && fps > 0) parts.push(duration(frames / fps))
  return parts.join('  ·  ')
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
