/** Draws the legend of the picture. */
import type { ColourOf } from './colours.js'
import { escaped } from './escaped.js'
import { GREY, INK } from './panel.js'
import type { Positions } from './positions.js'
import type { Survey } from './survey.js'
import { LATEST } from './trails.js'

export const LEGEND_WIDTH = 160

const LINE = 22
/** As many fish as fit beside a picture. */
const MOST_FISH = 24

/** The meanings of the colours and marks, one below the other, as SVG. */
export function legend({ fish, tank }: Survey, { label }: Positions, colourOf: ColourOf, marked: boolean): string {
  const name = (id: number) => escaped(shortened(label(id)))
  const entries = fish.slice(0, MOST_FISH).map(({ id, first }) => {
    if (first === null) return entry('', `${name(id)}: no position`)
    return entry(`<path d="M0,0h20" stroke="${colourOf(id)}" stroke-width="3"/>`, name(id))
  })
  if (fish.length > MOST_FISH) entries.push(entry('', `and ${fish.length - MOST_FISH} more`))
  entries.push('', entry(`<path d="M0,0h20" stroke="${GREY}" stroke-width="2.2"/>`, `last ${100 * LATEST} %`))
  if (marked) {
    entries.push(
      entry(`<circle cx="10" r="4.5" fill="white" stroke="${GREY}" stroke-width="2"/>`, 'first seen'),
      entry(`<circle cx="10" r="5" fill="${GREY}"/>`, 'last seen'),
    )
  }
  if (tank)
    entries.push(
      entry(`<rect x="1" y="-6" width="18" height="12" fill="#4a90c2" fill-opacity="0.05" stroke="${INK}"/>`, 'tank'),
    )
  return entries.map((content, i) => `<g transform="translate(0,${i * LINE + 8})">${content}</g>`).join('')
}

/** As many characters as fit beside a picture. */
const longest = 20

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function entry(mark: string, text: string): string {
  return `${mark}<text x="28" y="4">${text}</text>`
}
