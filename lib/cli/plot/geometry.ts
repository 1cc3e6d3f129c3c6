/** Maps positions to pixels of the views, which have the same scale. */
import type { Positions } from '../../positions/positions.js'
import type { Point, Range } from './range.js'
import type { Survey } from './survey.js'

/** The margins of a view, in pixels. */
export const MARGIN = { top: 26, right: 12, bottom: 44, left: 58 }

const MOST_WIDTH = 860
const MOST_HEIGHT = 900

export interface View {
  name: string
  axes: readonly [across: 'x', up: 'y' | 'z']
  labels: readonly [across: string, up: string]
  /** The second axis grows downwards. */
  down: boolean
  ranges: readonly [across: Range, up: Range]
  width: number
  height: number
  tank: readonly [number, number] | null
  /** A position in pixels from the upper left corner of the view; null for one outside. */
  place(point: Point): [number, number] | null
}

/** The top view and the side view; of positions with two numbers, one view. `share`: the part of the height that they may take. */
export function viewsOf(
  { ranges, tank }: Survey,
  { dimensions, axes, down, drawn, camera }: Positions,
  share = 1,
): View[] {
  const [x, y, z] = ranges.map((range, axis) => withAir(range, tank?.[axis])) as [Range, Range, Range]
  const heights = lengthOf(y) + (dimensions === 3 ? lengthOf(z) : 0)
  const scale = Math.min(MOST_WIDTH / lengthOf(x), (share * MOST_HEIGHT) / heights)
  const view = (name: string, up: 'y' | 'z', vertical: Range): View => {
    const axis = up === 'y' ? 1 : 2
    const [plotWidth, plotHeight] = [scale * lengthOf(x), scale * lengthOf(vertical)].map(Math.round) as [
      number,
      number,
    ]
    const distance = (position: number) => (down ? position - vertical[0] : vertical[1] - position)
    return {
      name,
      axes: ['x', up],
      labels: [axes[0] ?? 'x', axes[axis] ?? up],
      down,
      ranges: [x, vertical],
      width: MARGIN.left + plotWidth + MARGIN.right,
      height: MARGIN.top + plotHeight + MARGIN.bottom,
      tank: tank && [tank[0], tank[axis]],
      place: (point) => {
        if (point[0] < x[0] || point[0] > x[1] || point[axis] < vertical[0] || point[axis] > vertical[1]) return null
        return [
          MARGIN.left + (plotWidth * (point[0] - x[0])) / lengthOf(x),
          MARGIN.top + (plotHeight * distance(point[axis])) / lengthOf(vertical),
        ]
      },
    }
  }
  const nameOf = (up: number) => `${axes[0] ?? 'x'} and ${axes[up] ?? 'xyz'[up]}`
  if (dimensions === 2) return [view(camera !== null ? `Camera ${camera}` : down ? 'Image' : nameOf(1), 'y', y)]
  const [top, side] = drawn === null ? ['Top view', 'Side view'] : [nameOf(1), nameOf(2)]
  return [view(top, 'y', y), view(side, 'z', z)]
}

/** The range of the data and of the tank, enlarged a little at both ends. */
function withAir([from, to]: Range, tank: number | undefined): Range {
  const low = tank === undefined ? from : Math.min(0, from)
  const high = tank === undefined ? to : Math.max(tank, to)
  const air = 0.03 * (high - low) || 1
  return [low - air, high + air]
}

function lengthOf([from, to]: Range): number {
  return to - from
}
