/** The texts of a project: skeletons, tracks, videos, provenance. */
import type { File } from '../../../hdf5/objects/file.js'
import type { WriteOptions } from '../../core/format.js'
import { attributesOf, nameOf } from '../../core/recordings.js'
import { asciiJson, fixedText, writeTexts } from '../text.js'
import { type Labelled, textOf } from './labelled.js'

/** Attributes of more bytes need a group that stores them apart from its header. */
const largeAttribute = 60_000

/** The tracks of a project. Animals of the same name in different videos have one track. */
export class TrackList {
  readonly names: string[] = []
  readonly #known = new Map<string, number>()

  /** The tracks of the animals of a recording, by key. */
  of({ survey }: Labelled): Map<number, number> {
    const counts = new Map<string, number>()
    return new Map(
      survey.keys.flatMap((key, i) => {
        if (!survey.identified.has(key)) return []
        const name = survey.names[i] as string
        const count = counts.get(name) ?? 0
        counts.set(name, count + 1)
        return [[key, this.#indexOf(name, count)] as const]
      }),
    )
  }

  /** The track of this name; of several animals of that name in a recording, each has its own. */
  #indexOf(name: string, count: number): number {
    const id = `${count} ${name}`
    const index = this.#known.get(id) ?? this.names.push(name) - 1
    this.#known.set(id, index)
    return index
  }
}

/** Writes the texts. Returns the number of the skeleton of each recording, and the tracks. */
export async function writeProjectTexts(
  file: File,
  parts: readonly Labelled[],
  options: WriteOptions,
): Promise<{ skeletons: number[]; tracks: TrackList }> {
  const tracks = new TrackList()
  for (const part of parts) tracks.of(part)
  const { json, skeletons } = metadataOf(parts)
  const group = await file.createGroup('metadata', { trackOrder: json.length > largeAttribute })
  await group.attributes.set('format_id', Float64Array.of(1.2), { type: 'float64', shape: [] })
  await group.attributes.set('json', json, { type: fixedText(json.length) })
  await writeTexts(
    file,
    'tracks_json',
    tracks.names.map((name) => asciiJson([0, name])),
  )
  await writeTexts(
    file,
    'videos_json',
    parts.map((part) => videoOf(part, options)),
  )
  await writeTexts(file, 'suggestions_json', suggestionsOf(parts, options))
  return { skeletons, tracks }
}

function metadataOf(parts: readonly Labelled[]): { json: string; skeletons: number[] } {
  const nodes: string[] = []
  const found: string[] = []
  const skeletons = parts.map((part) => {
    const graph = asciiJson(graphOf(part, nodes))
    const index = found.indexOf(graph)
    return index >= 0 ? index : found.push(graph) - 1
  })
  const provenance = parts.map(({ recording }) => textOf(recording, 'provenance')).find((text) => text !== undefined)
  const head = asciiJson({
    ...{ version: '2.0.0', skeletons: [], nodes: nodes.map((name) => ({ name, weight: 1 })) },
    ...{ videos: [], tracks: [], suggestions: [], negative_anchors: {}, provenance: provenanceIn(provenance) },
  })
  return { json: head.replace('"skeletons":[]', () => `"skeletons":[${found.join(',')}]`), skeletons }
}

function provenanceIn(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '{}')
  } catch {
    return { text: json }
  }
}

/** A skeleton as networkx and jsonpickle write it: the types of edges are objects, named once and then referred to. */
function graphOf({ recording, poses }: Labelled, nodes: string[]): object {
  const ids = poses.nodes.map((name) => {
    const index = nodes.indexOf(name)
    return index >= 0 ? index : nodes.push(name) - 1
  })
  const known = new Map<number, number>()
  const typeOf = (type: number): object => {
    const id = known.get(type)
    if (id !== undefined) return { 'py/id': id }
    known.set(type, known.size + 1)
    return { 'py/reduce': [{ 'py/type': 'sleap.skeleton.EdgeType' }, { 'py/tuple': [type] }] }
  }
  const ends = ([a, b]: readonly [number, number]) => ({ key: 0, source: ids[a], target: ids[b] })
  const edges = poses.edges.map((pair, i) => ({ edge_insert_idx: i, ...ends(pair), type: typeOf(1) }))
  const symmetries = poses.symmetries.map((pair) => ({ ...ends(pair), type: typeOf(2) }))
  return {
    directed: true,
    graph: { name: textOf(recording, 'skeleton_name') ?? 'Skeleton-0', num_edges_inserted: edges.length },
    links: [...edges, ...symmetries],
    multigraph: true,
    nodes: ids.map((id) => ({ id })),
  }
}

function videoOf({ recording }: Labelled, { report }: WriteOptions): string {
  const stored = textOf(recording, 'sleap_video')
  // A project cannot hold images that the recording does not have.
  if (stored !== undefined && !isEmbedded(stored)) return stored
  const named = textOf(recording, 'video_path')
  if (named === undefined) report.guessed('path of the video', `${nameOf(recording)}.mp4`)
  const filename = named ?? `${nameOf(recording)}.mp4`
  const { fps } = attributesOf(recording)
  return asciiJson({
    filename,
    backend: {
      ...{ type: 'MediaVideo', filename, grayscale: null, bgr: true, dataset: '', input_format: '' },
      ...(typeof fps === 'number' && { fps }),
    },
  })
}

function isEmbedded(json: string): boolean {
  try {
    const { backend } = JSON.parse(json) as { backend?: { filename?: unknown; dataset?: unknown } }
    return backend?.filename === '.' || /^video\d+\/video$/.test(String(backend?.dataset ?? ''))
  } catch {
    return true
  }
}

/** Suggestions name videos by their place, so they are carried if every video kept its place. */
function suggestionsOf(parts: readonly Labelled[], { report }: WriteOptions): string[] {
  const text = parts.map(({ recording }) => textOf(recording, 'sleap_suggestions')).find((one) => one !== undefined)
  if (text === undefined) return []
  const list = provenanceIn(text)
  const suggestions = Array.isArray(list) ? list : []
  if (parts.every(({ recording }, i) => attributesOf(recording).video_index === i)) return suggestions.map(asciiJson)
  report.lost('suggestions', suggestions.length, 'they name videos that the project does not have in these places')
  return []
}
