/** Draws the legend of the picture. */
import type { ColourOf } from './colours.js'
import { escaped } from './escaped.js'
import { GREY, INK } from './panel.js'
import type { Scene } from './scene.js'
import type { Animal } from './survey.js'
import { LATEST } from './trails.js'

const COLUMN = 160
const LINE = 22
/** The lines of a column of a legend beside a low picture. */
const LEAST_LINES = 24
/** More columns would be wider than the picture. */
const MOST_COLUMNS = 4

export interface Legend {
  svg: string
  width: number
  height: number
}

/** The animals of the scenes: their colours, in as many columns as fit into the height. The marks follow in the last column. */
export function legend(scenes: readonly Scene[], colourOf: ColourOf, marked: boolean, height: number): Legend {
  const { label } = (scenes[0] as Scene).positions
  const animals = animalsIn(scenes)
  const marks = marksOf(scenes, marked)
  const lines = Math.max(LEAST_LINES, Math.floor(height / LINE))
  const room = MOST_COLUMNS * lines - marks.length - 1
  const name = (id: number) => escaped(shortened(label(id)))
  const entries = animals.slice(0, room).map(({ id, first }) => {
    if (first === null) return entry('', `${name(id)}: no position`)
    return entry(`<path d="M0,0h20" stroke="${colourOf(id)}" stroke-width="3"/>`, name(id))
  })
  if (animals.length > room) entries.push(entry('', `and ${animals.length - room} more`))
  entries.push(...marks)
  const columns = Math.ceil(entries.length / lines)
  const at = (i: number) => [COLUMN * Math.floor(i / lines), LINE * (i % lines) + 8]
  return {
    svg: entries.map((content, i) => `<g transform="translate(${at(i)})">${content}</g>`).join(''),
    width: columns * COLUMN,
    height: Math.min(lines, entries.length) * LINE,
  }
}

/** The animals of several scenes by ascending id, each with a position if any scene has one. */
export function animalsIn(scenes: readonly Pick<Scene, 'survey'>[]): Animal[] {
  const byId = new Map<number, Animal>()
  for (const { survey } of scenes) {
    for (const animal of survey.animals) if (!byId.get(animal.id)?.first) byId.set(animal.id, animal)
  }
  return [...byId.values()].sort((a, b) => a.id - b.id)
}

function marksOf(scenes: readonly Scene[], marked: boolean): string[] {
  const latest = entry(`<path d="M0,0h20" stroke="${GREY}" stroke-width="2.2"/>`, `last ${100 * LATEST} %`)
  const ends = [
    entry(`<circle cx="10" r="4.5" fill="white" stroke="${GREY}" stroke-width="2"/>`, 'first seen'),
    entry(`<circle cx="10" r="5" fill="${GREY}"/>`, 'last seen'),
  ]
  const box = `<rect x="1" y="-6" width="18" height="12" fill="#4a90c2" fill-opacity="0.05" stroke="${INK}"/>`
  const hasTank = scenes.some(({ survey }) => survey.tank !== null)
  return ['', latest, ...(marked ? ends : []), ...(hasTank ? [entry(box, 'tank')] : [])]
}

/** As many characters as fit beside a picture. */
const longest = 20

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function entry(mark: string, text: string): string {
  return `${mark}<text x="28" y="4">${text}</text>`
}
