/** The sentences below the picture, which say what it shows and leaves out. */
import { count, duration, thousands } from '../shared/terminal.js'
import { animalsIn } from './legend.js'
import type { Scene } from './scene.js'

/** Of one animal, of several, of one and of all. */
type Counted = (n: number) => string

const countedBy =
  ({ positions: { noun, plural } }: Scene): Counted =>
  (n) =>
    count(n, noun, plural)

/** The size of what is drawn. */
export function subtitle(scenes: readonly Scene[]): string {
  const [scene] = scenes as [Scene]
  const { frames, isPart, span, cameras, fps } = scene.survey
  const animals = countedBy(scene)(animalsIn(scenes).length)
  const parts = [animals, `${count(frames, 'frame')}${isPart ? ' of the file' : ''}`]
  if (cameras > 0) parts.push(count(cameras, 'camera'))
  if (fps !== null && fps > 0 && span !== null) parts.push(duration(span / fps))
  return parts.join('  ·  ')
}

/** How often lines are interrupted. */
export function gapsText(scenes: readonly Scene[]): string[] {
  const gaps = scenes.reduce((sum, { trails }) => sum + trails.gaps, 0)
  const { noun } = (scenes[0] as Scene).positions
  if (gaps === 0) return []
  return [`Lines are interrupted where ${article(noun)} ${noun} was not known: ${count(gaps, 'time')}.`]
}

/** What is drawn, if that is not clear, and what is left out. */
export function leftOut(scenes: readonly Scene[], marked: boolean): string[] {
  const counted = countedBy(scenes[0] as Scene)
  const animals = animalsIn(scenes)
  const nowhere = animals.filter(({ first }) => first === null).length
  const left = scenes.flatMap(({ positions }) => positions.drawn ?? [])
  if (nowhere > 0) {
    left.push(`Not drawn: ${counted(nowhere)} of ${thousands(animals.length)} whose position is never known.`)
  }
  const odd = scenes.reduce((sum, { survey }) => sum + survey.odd, 0)
  if (odd > 0) left.push(`Not drawn: ${count(odd, 'position')} partly unknown or not finite.`)
  left.push(...scenes.flatMap((scene) => outsideText(scene, counted)))
  const long = longLines(scenes)
  if (long > 0) {
    const { noun } = (scenes[0] as Scene).positions
    left.push(
      `Drawn as pixels, because the lines have too many points: ${counted(long)}. The last ${noun} at a pixel gives its colour.`,
    )
  }
  if (!marked) {
    left.push(`Not marked: the first and last position of each of ${counted(animals.length)}.`)
  }
  return left
}

function outsideText({ trails: { outside }, positions }: Scene, counted: Counted): string[] {
  if (outside.positions === 0) return []
  const axes = outside.ranges.slice(0, positions.dimensions)
  const far = axes.map(([low, high], i) => `${positions.axes[i]} ${extent(low, high)}`).join(', ')
  const where = positions.camera === null ? '' : ` of camera ${positions.camera}`
  return [
    `Outside the picture${where}: ${count(outside.positions, 'position')} of ${counted(outside.ids.size)}, at ${far}; --axes all shows them.`,
  ]
}

/** The number of animals whose lines are drawn as pixels. */
function longLines(scenes: readonly Scene[]): number {
  const all = scenes.flatMap(({ trails }) => trails.views.flatMap(({ lines }) => [...lines]))
  return new Set(all.filter(([, { all }]) => all.isOnCanvas).map(([id]) => id)).size
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'an' : 'a')
const extent = (low: number, high: number): string => (low === high ? short(low) : `${short(low)} to ${short(high)}`)
const short = (value: number): string => String(Number(value.toPrecision(4)))
