/** Checks that recordings can be joined, and by how much their frame indices are moved. */
import { H5TracksError } from '../base/errors.js'
import { toPath } from '../base/path.js'
import type { FrameFile } from '../frames/file/open.js'
import { lengthOf } from '../frames/file/open.js'
import type { Facts } from '../scale/shards/facts.js'
import { type Shard, survey } from '../scale/shards/survey.js'

/** What is added to the frame indices of each file. */
export type Offset = number | readonly number[] | 'auto'

/** A file to join. */
export interface JoinedFile {
  shard: Shard
  /** The number of slots of its layouts, together. */
  slots: number
  notes: string[]
}

/** Opens every file and checks that they hold the same, apart from sizes. Throws ERR_FORMAT. */
export async function surveyFiles(
  paths: readonly string[],
  metadata: 'same' | 'first',
  signal: AbortSignal | undefined,
): Promise<JoinedFile[]> {
  const found: Omit<JoinedFile, 'shard'>[] = []
  const times = new Map<string, number>()
  const options = { metadata, frameOrder: 'any', comparable: withoutSizes, ...(signal && { signal }) } as const
  const shards = await survey(paths, options, async ({ layouts }, { path }) => {
    const notes: string[] = []
    for (const one of layouts) notes.push(...(await restartOf(one, toPath(path), times)))
    found.push({ slots: layouts.reduce((sum, { slots }) => sum + slots, 0), notes })
  })
  return shards.map((shard, i) => ({ shard, ...(found[i] as Omit<JoinedFile, 'shard'>) }))
}

/** What must be equal: without slots and chunks, and with the cameras and fields in any order. */
function withoutSizes(facts: Facts): Facts {
  const sorted = (list: string) => list.split(', ').sort().join(', ')
  const kept = [...facts].filter(
    ([name]) => !/^the (number of slots|chunk shape) of /.test(name) && !/^dataset .*\/slot$/.test(name),
  )
  return new Map(kept.map(([name, value]) => [name, /^the (cameras|fields) of /.test(name) ? sorted(value) : value]))
}

/** A note about a field `time` that begins again: its values are kept as they are. */
async function restartOf(one: FrameFile, path: string, times: Map<string, number>): Promise<string[]> {
  const { layout, columns } = one
  const frames = lengthOf(one)
  const time = columns.filter(({ field }) => field.perFrame && field.name === 'time' && field.storage === 'float64')
  if (time.length === 0 || frames === 0) return []
  const at = async (row: number) => (await one.readColumns(time, row, row + 1))[0]?.data[0] as number
  const [first, before] = [await at(0), times.get(layout.root)]
  times.set(layout.root, await at(frames - 1))
  if (before === undefined || !(first <= before)) return []
  return [`${path}: the field time of ${layout.root} begins again at ${first}; its values are kept as they are`]
}

/** For each file, what is added to the frame indices of each of its layouts. Throws ERR_FRAME_ORDER. */
export function offsetsOf(files: readonly JoinedFile[], offset: Offset): Map<string, bigint>[] {
  const ends = new Map<string, { path: string; first: bigint; last: bigint }>()
  return files.map(({ shard: { path, layouts } }, i) => {
    const offsets = new Map<string, bigint>()
    for (const { root, first, last } of layouts) {
      if (first === null || last === null) continue
      const end = ends.get(root)
      const by =
        typeof offset === 'number'
          ? BigInt(offset * i)
          : offset === 'auto'
            ? auto(end, first)
            : BigInt(offset[i] as number)
      if (end && first + by <= end.last) throw notAfter(path, root, first + by, end)
      offsets.set(root, by)
      ends.set(root, { path, first: end?.first ?? first, last: last + by })
    }
    return offsets
  })
}

/** A file that counts from the start begins at 0 or 1, as the first one does; if its first frames are missing, they stay so. */
function auto(end: { first: bigint; last: bigint } | undefined, first: bigint): bigint {
  if (end === undefined || first > end.last) return 0n
  const counted = end.first === 0n || end.first === 1n ? end.first : first
  return end.last + 1n - (first < counted ? first : counted)
}

function notAfter(path: string, root: string, first: bigint, end: { path: string; last: bigint }): H5TracksError {
  return new H5TracksError(
    `${path}: its first frame of ${root} would be ${first}, which is not greater than ${end.last}, the last of ${end.path}; give the files ` +
      "in order, or pass offset: 'auto' (--offset auto) if each counts its frames from the start",
    { code: 'ERR_FRAME_ORDER', path, frame: Number.isSafeInteger(Number(first)) ? Number(first) : first },
  )
}
