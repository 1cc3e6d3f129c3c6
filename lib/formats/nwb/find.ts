/** Finds the poses and skeletons of an NWB file. */
import type { ReadOptions } from '../core/format.js'
import type { ForeignFile } from '../poses/input.js'

const deepest = 5

/** The paths of the groups with poses and with skeletons, in the order of the file. */
export interface Found {
  readonly poses: readonly string[]
  readonly skeletons: readonly string[]
}

/** Walks the places where data are kept. Other objects are counted by their types. */
export async function findPoses(input: ForeignFile, { report }: ReadOptions): Promise<Found> {
  const poses: string[] = []
  const skeletons: string[] = []
  const others = new Map<string, number>()
  const seen = new Set<string>()
  const walk = async (path: string, depth: number): Promise<void> => {
    for (const name of await children(input, path)) {
      const inner = `${path}/${name}`
      if (seen.size > 100_000 || depth > deepest || !(await input.has(inner, 'group'))) continue
      seen.add(inner)
      const type = await typeOf(input, inner)
      if (type === 'PoseEstimation') poses.push(inner)
      else if (type === 'Skeleton') skeletons.push(inner)
      else if (type === undefined || ['ProcessingModule', 'Skeletons', 'LabMetaData'].includes(type))
        await walk(inner, depth + 1)
      else others.set(type, (others.get(type) ?? 0) + 1)
    }
  }
  for (const place of ['processing', 'acquisition', 'analysis', 'scratch', 'stimulus', 'units', 'intervals']) {
    if (await input.has(place, 'group')) await walk(place, 0)
  }
  for (const [type, count] of others) report.lost(`${type} of NWB`, count, 'it is no PoseEstimation')
  return { poses, skeletons }
}

export async function children(input: ForeignFile, path: string): Promise<string[]> {
  return input.guarded(path, async () => (await input.file.group(path)).keys())
}

export const typeOf = (input: ForeignFile, path: string): Promise<string | undefined> =>
  input.textAttribute(path, 'neurodata_type')
