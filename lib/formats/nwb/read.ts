/** Reads the poses of NWB files. */
import type { ReadOptions, Recording, Source } from '../core/format.js'
import { attributesFrom } from '../dense/attributes.js'
import { denseRecording } from '../dense/recording.js'
import { type ForeignFile, openSource } from '../poses/input.js'
import { distinctGroups, posesOf } from '../poses/layout.js'
import { type Animal, openAnimal, type Series } from './animal.js'
import { findPoses } from './find.js'
import { timelineOf } from './times.js'

export function readNwb(path: string, options: ReadOptions): Promise<Source> {
  return openSource(path, async (input) => {
    const found = await findPoses(input, options)
    const animals: Animal[] = []
    for (const place of found.poses) {
      const animal = await openAnimal(input, place, found)
      if (animal) animals.push(animal)
      else options.report.lost(`PoseEstimation ${place}`, 1, 'it has no series')
    }
    if (animals.length === 0) {
      throw input.problem('/processing', 'there is no PoseEstimation with series', 'give a file with poses of ndx-pose')
    }
    const groups = videosOf(animals)
    const names = distinctGroups([...groups.values()].map((_, i) => (groups.size === 1 ? 'poses' : `poses_${i}`)))
    const recordings: Recording[] = []
    for (const [i, group] of [...groups.values()].entries()) {
      recordings.push(await recordingOf(input, group, names[i] as string, options))
    }
    return recordings
  })
}

/** The animals of the same module, videos, cameras and nodes are in one recording. */
function videosOf(animals: readonly Animal[]): ReadonlyMap<string, Animal[]> {
  const groups = new Map<string, Animal[]>()
  for (const animal of animals) {
    const module = animal.path.slice(0, animal.path.lastIndexOf('/'))
    const key = JSON.stringify([module, animal.facts.original_videos, animal.devices, animal.nodes, animal.dimensions])
    groups.set(key, [...(groups.get(key) ?? []), animal])
  }
  return groups
}

async function recordingOf(
  input: ForeignFile,
  animals: readonly Animal[],
  group: string,
  options: ReadOptions,
): Promise<Recording> {
  const [first] = animals as [Animal]
  const { nodes, edges, dimensions, facts } = first
  const all = animals.flatMap(({ series }) => series)
  const timeline = timelineOf(
    all.map(({ times }) => times),
    options,
  )
  const isNarrow = all.every(({ data }) => data.isNarrow)
  const confidences = all.flatMap(({ confidence }) => confidence ?? [])
  const places = new Map(all.map((series) => [series, timeline.placesOf(series.times)]))
  const read = (what: 'data' | 'confidence', width: number) => (start: number, stop: number) =>
    gathered(animals, what, width, places, start, stop)
  const { seconds, rate } = timeline
  return denseRecording(
    {
      frames: timeline.count,
      animals: animals.length,
      fields: [
        { name: 'keypoints', chunk: first.series[0]?.data.chunk ?? 1, read: read('data', dimensions) },
        ...(confidences.length > 0 ? [{ name: 'confidence', read: read('confidence', 1) }] : []),
      ],
      frameIndex: timeline.frameIndex,
      ...(seconds && { perFrame: [{ name: 'time', read: (start, stop) => seconds.subarray(start, stop) }] }),
    },
    (slots) =>
      posesOf({
        ...{ group, nodes, edges, dimensions, slots, precision: isNarrow ? 'float32' : 'float64' },
        names: animals.map(({ name }) => name),
        fields: {
          confidence: {
            type: confidences.every((one) => one.isNarrow) ? 'float32' : 'float64',
            ...{ shape: [nodes.length], axes: ['node'], optional: true },
          },
        },
      }),
    attributesFrom(
      {
        ...facts,
        ...(first.devices.length > 0 && { devices: first.devices }),
        session_start_time: await input.text('session_start_time'),
        session_description: await input.text('session_description'),
        identifier: await input.text('identifier'),
        ...(rate !== undefined && { fps: rate }),
      },
      options.report,
    ),
    options,
  )
}

/** The values of all animals and nodes: [frame, animal, node, coordinate]. */
async function gathered(
  animals: readonly Animal[],
  what: 'data' | 'confidence',
  width: number,
  places: ReadonlyMap<Series, Int32Array | undefined>,
  start: number,
  stop: number,
): Promise<Float64Array> {
  const nodes = animals[0]?.nodes.length ?? 0
  const row = animals.length * nodes * width
  const values = new Float64Array((stop - start) * row).fill(Number.NaN)
  for (const [a, { series }] of animals.entries()) {
    for (const [n, one] of series.entries()) {
      const array = one[what]
      if (!array) continue
      const own = places.get(one)
      const count = array.shape[0] as number
      const [from, to] = own ? [rankOf(own, start), rankOf(own, stop)] : [Math.min(start, count), Math.min(stop, count)]
      if (from >= to) continue
      const data = await array.rows(from, to)
      for (let i = from; i < to; i++) {
        const at = ((own ? (own[i] as number) : i) - start) * row + (a * nodes + n) * width
        for (let k = 0; k < width; k++) values[at + k] = data[(i - from) * width + k] as number
      }
    }
  }
  return values
}

/** The number of values below `limit` in an ascending list. */
function rankOf(list: Int32Array, limit: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] as number) < limit) low = middle + 1
    else high = middle
  }
  return low
}
