/** Draws one view of the trajectories. */
import * as Plot from '@observablehq/plot'
import type { ColourOf } from './colours.js'
import { MARGIN, type View } from './geometry.js'
import { linesSvg } from './lines.js'
import type { Point } from './range.js'
import type { Survey } from './survey.js'
import type { ViewTrails } from './trails.js'

export const INK = '#1f2933'
export const GREY = '#66727f'
/** One of these fonts is installed on Linux, macOS and Windows. */
export const FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

/** Millions of points are too many for a document in memory: the finished text of the lines replaces this element. */
const PLACEHOLDER = 'lines'
const WHERE = /<lines\s*(\/>|><\/lines>)/

interface Panel {
  document: { createElementNS(namespace: string, name: string): unknown }
  survey: Survey
  trails: ViewTrails
  colourOf: ColourOf
  /** True if the first and last position of each animal are marked. */
  marked: boolean
}

export function panel(view: View, { document, survey, trails, colourOf, marked }: Panel): string {
  const [horizontal, vertical] = view.axes
  const label = (axis: string) => (survey.units === null ? axis : `${axis} (${survey.units})`)
  const colour = ({ id }: { id: number }) => colourOf(id)
  const ends = (which: 'first' | 'last') =>
    survey.animals.flatMap(({ id, [which]: point }) =>
      point === null || !marked || view.place(point) === null ? [] : [{ id, ...named(point) }],
    )
  const tank = view.tank && [{ x1: 0, y1: 0, x2: view.tank[0], y2: view.tank[1] }]
  const axis = { color: GREY, tickSize: 4, labelArrow: 'none', labelAnchor: 'center', fontSize: 12 } as const
  const channels = { x: horizontal, y: vertical }

  const svg = Plot.plot({
    document: document as never,
    width: view.width,
    height: view.height,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { fontFamily: FONT, fontSize: '12px', color: INK, background: 'none' },
    x: { domain: [...view.ranges[0]] },
    y: { domain: [...view.ranges[1]], reverse: view.down },
    marks: [
      Plot.gridX({ stroke: '#e8ecf0', strokeOpacity: 1, tickSpacing: 80 }),
      Plot.gridY({ stroke: '#e8ecf0', strokeOpacity: 1, tickSpacing: 60 }),
      Plot.axisX({ ...axis, label: label(view.labels[0]), tickSpacing: 80, labelOffset: 38 }),
      Plot.axisY({ ...axis, label: label(view.labels[1]), tickSpacing: 60, labelOffset: 48 }),
      ...(tank
        ? [
            Plot.rect(tank, {
              x1: 'x1',
              y1: 'y1',
              x2: 'x2',
              y2: 'y2',
              stroke: INK,
              strokeWidth: 1.5,
              fill: '#4a90c2',
              fillOpacity: 0.05,
            }),
          ]
        : []),
      () => document.createElementNS('http://www.w3.org/2000/svg', PLACEHOLDER) as never,
      Plot.dot(ends('first'), { ...channels, r: 4.5, fill: 'white', stroke: colour, strokeWidth: 2 }),
      Plot.dot(ends('last'), { ...channels, r: 5, fill: colour, stroke: 'white', strokeWidth: 1.5 }),
      Plot.text([view.name], { frameAnchor: 'top-left', dy: -18, fontSize: 14, fontWeight: 'bold', fill: INK }),
    ],
  }) as unknown as { querySelectorAll(selector: string): Iterable<{ remove(): void }>; outerHTML: string }
  // Plot's style sheet is for pages that embed the picture; the attributes of the elements are enough.
  for (const style of svg.querySelectorAll('style')) style.remove()
  return svg.outerHTML.replace(WHERE, () => linesSvg(trails, colourOf))
}

function named([x, y, z]: Point): { x: number; y: number; z: number } {
  return { x, y, z }
}
