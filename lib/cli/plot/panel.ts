/** One view of the trajectories. */
import * as Plot from '@observablehq/plot'
import { isKnown, type Place, type Trace, type Traces } from './traces.js'

export const INK = '#1f2933'
export const GREY = '#66727f'
/** Fonts that are there on Linux, macOS and Windows. */
export const FONT = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
export const MARGIN = { top: 26, right: 12, bottom: 44, left: 58 }

/** The share of the time that is drawn heavily: where everybody goes now stands out from where they have been. */
export const LATEST = 0.1

/** Ten that are easily told apart; further ones go round the colour circle. */
const PALETTE = [
  '#4269d0',
  '#efb118',
  '#ff725c',
  '#3ca951',
  '#6cc5b0',
  '#a463f2',
  '#ff8ab7',
  '#9c6b4e',
  '#97bbf5',
  '#8a94a0',
]

export type ColourOf = (fishId: number) => string

/** One colour per fish. */
export function colours(ids: readonly number[]): ColourOf {
  const many = ids.length > PALETTE.length
  const byId = new Map(
    ids.map((id, i) => [id, many ? `hsl(${((360 * i) / ids.length).toFixed(0)},60%,46%)` : PALETTE[i]!]),
  )
  return (id) => byId.get(id)!
}

interface Panel {
  document: unknown
  traces: Traces
  colourOf: ColourOf
  /** Pixels for one unit of length, in both directions. */
  scale: number
  name: string
  horizontal: 'x'
  vertical: 'y' | 'z'
  ranges: readonly [readonly [number, number], readonly [number, number]]
}

export function panel({ document, traces, colourOf, scale, name, horizontal, vertical, ranges }: Panel) {
  const [across, up] = ranges
  const width = Math.round(MARGIN.left + scale * (across[1] - across[0]) + MARGIN.right)
  const height = Math.round(MARGIN.top + scale * (up[1] - up[0]) + MARGIN.bottom)
  const label = (axis: string) => (traces.units === null ? axis : `${axis} (${traces.units})`)
  const colour = ({ fishId }: Point) => colourOf(fishId)
  const points = traces.fish.flatMap(({ fishId, places }) => places.map((place): Point => ({ fishId, ...place })))
  const latest = points.filter(({ moment }) => moment >= (1 - LATEST) * traces.moments)
  const starts = ends(traces.fish, (places) => places.find(isKnown))
  const stops = ends(traces.fish, (places) => places.findLast(isKnown))
  const tank = traces.tank && [{ x1: 0, y1: 0, x2: traces.tank[0], y2: traces.tank[vertical === 'y' ? 1 : 2] }]
  const axis = { color: GREY, tickSize: 4, labelArrow: 'none', labelAnchor: 'center', fontSize: 12 } as const
  const channels = { x: horizontal, y: vertical }
  const line = { ...channels, z: 'fishId', stroke: colour, strokeLinejoin: 'round', strokeLinecap: 'round' } as const

  const svg = Plot.plot({
    document: document as never,
    width,
    height,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { fontFamily: FONT, fontSize: '12px', color: INK, background: 'none' },
    x: { domain: [...across] },
    y: { domain: [...up] },
    marks: [
      Plot.gridX({ stroke: '#e8ecf0', strokeOpacity: 1, tickSpacing: 80 }),
      Plot.gridY({ stroke: '#e8ecf0', strokeOpacity: 1, tickSpacing: 60 }),
      Plot.axisX({ ...axis, label: label(horizontal), tickSpacing: 80, labelOffset: 38 }),
      Plot.axisY({ ...axis, label: label(vertical), tickSpacing: 60, labelOffset: 48 }),
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
      Plot.line(points, { ...line, strokeWidth: 1, strokeOpacity: 0.4 }),
      Plot.line(latest, { ...line, strokeWidth: 2.2 }),
      Plot.dot(starts, { ...channels, r: 4.5, fill: 'white', stroke: colour, strokeWidth: 2 }),
      Plot.dot(stops, { ...channels, r: 5, fill: colour, stroke: 'white', strokeWidth: 1.5 }),
      Plot.text([name], { frameAnchor: 'top-left', dy: -18, fontSize: 14, fontWeight: 'bold', fill: INK }),
    ],
  }) as unknown as { querySelectorAll(selector: string): Iterable<{ remove(): void }>; outerHTML: string }
  // Plot's style sheet speaks to browsers and to the page around; the picture's own attributes say everything.
  for (const style of svg.querySelectorAll('style')) style.remove()
  return { svg: svg.outerHTML, width, height }
}

interface Point extends Place {
  fishId: number
}

function ends(fish: readonly Trace[], pick: (places: Place[]) => Place | undefined): Point[] {
  return fish.flatMap(({ fishId, places }) => {
    const place = pick(places)
    return place ? [{ fishId, ...place }] : []
  })
}
