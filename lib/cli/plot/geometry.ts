/** Maps positions in the tank to pixels of the two views, which have the same scale. */
import type { Point, Range, Survey } from './survey.js'

/** The margins of a view, in pixels. */
export const MARGIN = { top: 26, right: 12, bottom: 44, left: 58 }

const MOST_WIDTH = 860
const MOST_HEIGHT = 900

export interface View {
  name: string
  axes: readonly [across: 'x', up: 'y' | 'z']
  ranges: readonly [across: Range, up: Range]
  width: number
  height: number
  tank: readonly [number, number] | null
  /** A position in pixels from the upper left corner of the view. */
  place(point: Point): [number, number]
}

/** The top view and the side view. */
export function viewsOf({ ranges, tank }: Survey): [View, View] {
  const [x, y, z] = ranges.map((range, axis) => withAir(range, tank?.[axis])) as [Range, Range, Range]
  const scale = Math.min(MOST_WIDTH / lengthOf(x), MOST_HEIGHT / (lengthOf(y) + lengthOf(z)))
  const view = (name: string, up: 'y' | 'z', vertical: Range): View => {
    const axis = up === 'y' ? 1 : 2
    const [plotWidth, plotHeight] = [scale * lengthOf(x), scale * lengthOf(vertical)].map(Math.round) as [
      number,
      number,
    ]
    return {
      name,
      axes: ['x', up],
      ranges: [x, vertical],
      width: MARGIN.left + plotWidth + MARGIN.right,
      height: MARGIN.top + plotHeight + MARGIN.bottom,
      tank: tank && [tank[0], tank[axis]],
      place: (point) => [
        MARGIN.left + (plotWidth * (point[0] - x[0])) / lengthOf(x),
        MARGIN.top + (plotHeight * (vertical[1] - point[axis])) / lengthOf(vertical),
      ],
    }
  }
  return [view('Top view', 'y', y), view('Side view', 'z', z)]
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
