/** Writes lines as SVG: one path for all animals of a colour. */
import type { ColourOf } from './colours.js'
import type { Trail } from './strokes/trail.js'
import type { Lines, ViewTrails } from './trails.js'

interface Paths {
  line: string
  dots: string
}

export function linesSvg({ lines, canvas }: ViewTrails, colourOf: ColourOf): string {
  const all = pathsByColour(lines, colourOf, ({ all }) => all)
  const latest = pathsByColour(lines, colourOf, ({ latest }) => latest)
  return [
    '<g fill="none" stroke-linecap="round" stroke-linejoin="round">',
    group(canvas.all.paths(), 'pixels', 'stroke-width="1" stroke-opacity="0.4"'),
    group(of(all, 'line'), 'line', 'stroke-width="1" stroke-opacity="0.4"'),
    group(canvas.latest.paths(), 'pixels', 'stroke-width="2.2"'),
    group(of(latest, 'line'), 'line', 'stroke-width="2.2"'),
    // Positions without a line are drawn as dots.
    group(of(all, 'dots'), 'dots', 'stroke-width="3"'),
    '</g>',
  ].join('')
}

function of(paths: ReadonlyMap<string, Paths>, kind: keyof Paths): Map<string, string> {
  return new Map([...paths].map(([colour, path]) => [colour, path[kind]]))
}

function group(paths: ReadonlyMap<string, string>, label: string, style: string): string {
  const drawn = [...paths].filter(([, data]) => data !== '')
  if (drawn.length === 0) return ''
  const elements = drawn.map(([colour, data]) => `<path stroke="${colour}" d="${data}"/>`)
  return `<g aria-label="${label}" ${style}>${elements.join('')}</g>`
}

function pathsByColour(
  trails: ReadonlyMap<number, Lines>,
  colourOf: ColourOf,
  trailOf: (lines: Lines) => Trail,
): Map<string, Paths> {
  const pieces = new Map<string, Paths[]>()
  for (const [id, lines] of trails) {
    const colour = colourOf(id)
    const same = pieces.get(colour)
    if (same === undefined) pieces.set(colour, [trailOf(lines).paths()])
    else same.push(trailOf(lines).paths())
  }
  const joined = (paths: Paths[], kind: keyof Paths) => paths.map((path) => path[kind]).join('')
  return new Map(
    [...pieces].map(([colour, paths]) => [colour, { line: joined(paths, 'line'), dots: joined(paths, 'dots') }]),
  )
}
