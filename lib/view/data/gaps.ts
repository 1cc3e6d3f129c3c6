/** Finds the next frame at which an animal is lost that is seen again later. */
import type { Gap } from '../wire/description.js'
import type { CoverageCounter } from './coverage.js'
import type { Sights } from './sight.js'

/** Where to look, and for which animal; null for any. */
export interface GapSearch {
  readonly from: number
  readonly id: number | null
  readonly direction: 1 | -1
}

/** Reads only the bins in which an animal may be lost. */
export async function findGap(
  counter: CoverageCounter,
  sights: Sights,
  { from, id, direction }: GapSearch,
): Promise<Gap> {
  const ids = id === null ? counter.ids : [id]
  const { binFrames, scanned } = counter
  const bins = Math.ceil(scanned / binFrames)
  for (let bin = Math.floor(from / binFrames); bin >= 0 && bin < bins; bin += direction) {
    const candidates = ids.filter((one) => counter.mayLose(one, bin))
    if (candidates.length === 0) continue
    const found = (
      await lossesIn(bin * binFrames, Math.min(scanned, (bin + 1) * binFrames), candidates, counter, sights)
    ).filter(({ row }) => (direction === 1 ? row > from : row < from))
    const gap = direction === 1 ? found[0] : found.at(-1)
    if (gap) return gap
  }
  return { row: null, id: null }
}

/** The losses from row `start` to `stop`, in order. */
async function lossesIn(
  start: number,
  stop: number,
  ids: readonly number[],
  counter: CoverageCounter,
  sights: Sights,
): Promise<{ row: number; id: number }[]> {
  const losses: { row: number; id: number }[] = []
  let before: ReadonlySet<number> | null = null
  for (let row = Math.max(0, start - 1); row < stop; ) {
    const read = await sights.read(row, Math.min(sights.frames, stop - row))
    if (read.length === 0) break
    for (const { ids: seen } of read) {
      const now = new Set(seen)
      for (const id of ids) {
        if (before?.has(id) && !now.has(id) && row < counter.lastOf(id)) losses.push({ row, id })
      }
      before = now
      row++
    }
  }
  return losses
}
