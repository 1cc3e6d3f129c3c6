/** What an analysis file says besides its matrices: names, skeleton, video, provenance. */
import type { WritableAttributeValue } from '../../../hdf5/values/attribute-value.js'
import type { ReadOptions } from '../../core/format.js'
import type { ForeignFile } from '../../poses/input.js'

export interface AnalysisFacts {
  readonly nodes: readonly string[]
  readonly names: readonly string[]
  readonly edges: readonly (readonly [number, number])[]
  readonly attributes: Readonly<Record<string, WritableAttributeValue>>
  readonly metadata: Readonly<Record<string, WritableAttributeValue>>
}

/** Datasets that are carried. Others are reported. */
const carried = new Set([
  ...['tracks', 'track_occupancy', 'point_scores', 'instance_scores', 'tracking_scores', 'track_names', 'node_names'],
  ...['edge_names', 'edge_inds', 'labels_path', 'video_path', 'video_ind', 'provenance'],
])

export async function analysisMetadata(
  input: ForeignFile,
  named: readonly string[],
  nodes: number,
  animals: number,
  options: ReadOptions,
): Promise<AnalysisFacts> {
  const { report } = options
  const nodeNames = await namesFor('node_names', named, nodes, 'node')
  const names = await namesFor('track_names', await input.texts('track_names'), animals, 'track')
  for (const name of await input.file.keys()) {
    if (!carried.has(name)) report.lost(`dataset ${name}`, 1, 'it is no part of an analysis file')
  }
  const symmetries = pairsIn(await input.textAttribute('/', 'skeleton_symmetries'), nodeNames)
  const skeleton = await input.textAttribute('/', 'skeleton_name')
  return {
    nodes: nodeNames,
    names,
    edges: await edgesOf(nodeNames),
    attributes: {
      ...(skeleton && { skeleton_name: skeleton }),
      ...(symmetries.length > 0 && { symmetry_inds: symmetries }),
    },
    metadata: await metadataOf(input, options),
  }

  async function namesFor(dataset: string, found: readonly string[], count: number, word: string) {
    const usable = word === 'track' || (new Set(found).size === count && !found.includes(''))
    if (found.length === count && usable) return [...found]
    if (found.length !== 0 && found.length !== count) {
      throw input.problem(dataset, `has ${found.length} names; tracks has ${count} ${word}s`, 'export the file again')
    }
    const made = Array.from({ length: count }, (_, i) => `${word}_${i}`)
    if (count > 0) report.guessed(`names of ${word}s`, `${made[0]} to ${made.at(-1)}`)
    return made
  }

  async function edgesOf(known: readonly string[]): Promise<(readonly [number, number])[]> {
    const ends = await input.texts('edge_names')
    const pairs = Array.from({ length: ends.length >> 1 }, (_, i) => [ends[2 * i], ends[2 * i + 1]] as const)
    const edges = pairs.map(([a, b]) => [known.indexOf(a ?? ''), known.indexOf(b ?? '')] as const)
    const valid = edges.filter(([a, b]) => a >= 0 && b >= 0)
    report.lost('edges', edges.length - valid.length, 'they join nodes that the skeleton does not have')
    return valid
  }
}

async function metadataOf(input: ForeignFile, { fps }: ReadOptions) {
  const texts: Record<string, string | undefined> = {
    video_path: await input.text('video_path'),
    labels_path: await input.text('labels_path'),
    provenance: await input.text('provenance'),
    video_backend_metadata: await input.textAttribute('/', 'video_backend_metadata'),
  }
  const index = await input.find('video_ind')
  const { data } = index ? await input.read(index) : { data: [] }
  const [videoIndex] = data as ArrayLike<number> as readonly number[]
  const known = Object.entries(texts).filter(([, text]) => text !== undefined && text !== '' && text !== '{}')
  const found = fps ?? rateIn(texts.video_backend_metadata)
  return {
    ...(Object.fromEntries(known) as Record<string, string>),
    ...(videoIndex !== undefined && { video_index: videoIndex }),
    ...(found !== undefined && { fps: found }),
  }
}

function rateIn(json: string | undefined): number | undefined {
  const { fps } = objectIn(json)
  return typeof fps === 'number' && fps > 0 ? fps : undefined
}

function objectIn(json: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json || '{}')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Pairs of indices, from JSON with pairs of names. */
function pairsIn(json: string | undefined, nodes: readonly string[]): number[][] {
  const list: unknown = Object.values(objectIn(json))
  const pairs = (list as unknown[]).filter((pair): pair is string[] => Array.isArray(pair) && pair.length === 2)
  return pairs.map((pair) => pair.map((name) => nodes.indexOf(name))).filter((pair) => !pair.includes(-1))
}
