/** What a SLEAP project says besides its instances: skeletons, tracks, videos, provenance, and what h5tracks has no place for. */
import type { WritableAttributeValue } from '../../../hdf5/values/attribute-value.js'
import type { Report } from '../../core/report.js'
import type { ForeignFile } from '../../poses/input.js'
import { isObject, type Skeleton, skeletonsIn } from './skeletons.js'

export interface Video {
  readonly path: string
  /** A name for the group of the recording. */
  readonly stem: string
  /** The id of the video in `frames`, if the file stores images of it under that id. */
  readonly id: number | undefined
  readonly fps: number | undefined
  readonly json: string
}

export interface Project {
  readonly formatId: number
  readonly skeletons: readonly Skeleton[]
  readonly tracks: readonly string[]
  readonly videos: readonly Video[]
  readonly metadata: Readonly<Record<string, WritableAttributeValue>>
}

const notAProject = 'is it a SLEAP project (.slp)?'
const tables = ['frames', 'instances', 'points', 'pred_points']
const texts = ['videos_json', 'tracks_json', 'metadata', 'suggestions_json', 'sessions_json', 'negative_frames']

export async function readProject(input: ForeignFile, report: Report): Promise<Project> {
  if (!(await input.has('metadata', 'group'))) throw input.problem('metadata', 'there is no such group', notAProject)
  const json = await input.textAttribute('metadata', 'json')
  if (json === undefined) throw input.problem('metadata@json', 'there is no such text', notAProject)
  const metadata = parsed(input, 'metadata@json', json)
  if (!isObject(metadata)) throw input.problem('metadata@json', 'is not an object', notAProject)
  const formatId = Number((await input.attribute('metadata', 'format_id')) ?? 1)
  const provenance = isObject(metadata.provenance) ? metadata.provenance : {}
  await reportOthers(input, report)
  return {
    formatId,
    skeletons: skeletonsIn(input, metadata),
    tracks: await tracksIn(input, metadata),
    videos: await videosIn(input, metadata, report),
    metadata: {
      ...(Object.keys(provenance).length > 0 && { provenance: JSON.stringify(provenance) }),
      ...(await keptTexts(input, 'sessions_json', 'recording sessions', 'sleap_sessions', report)),
      ...(await keptTexts(input, 'suggestions_json', 'suggestions', 'sleap_suggestions', report)),
    },
  }
}

function parsed(input: ForeignFile, place: string, json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw Object.assign(input.problem(place, `is not JSON (${(cause as Error).message})`, notAProject), { cause })
  }
}

/** Tracks are `[spawned_on, name]`, an object with a name, or a name. */
async function tracksIn(input: ForeignFile, metadata: Readonly<Record<string, unknown>>): Promise<string[]> {
  const listed = await input.texts('tracks_json')
  const entries = listed.length > 0 ? listed.map((json) => lenient(json)) : metadata.tracks
  return (Array.isArray(entries) ? entries : []).map((entry: unknown) => {
    if (Array.isArray(entry)) return String(entry[1] ?? entry[0])
    return String(isObject(entry) ? entry.name : entry)
  })
}

function lenient(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

async function videosIn(
  input: ForeignFile,
  metadata: Readonly<Record<string, unknown>>,
  report: Report,
): Promise<Video[]> {
  const listed = await input.texts('videos_json')
  const older = Array.isArray(metadata.videos) ? metadata.videos.map((video) => JSON.stringify(video)) : []
  const videos: Video[] = []
  for (const [i, json] of (listed.length > 0 ? listed : older).entries()) {
    const entry = parsed(input, `videos_json[${i}]`, json)
    if (!isObject(entry)) throw input.problem(`videos_json[${i}]`, 'is not an object', notAProject)
    videos.push(await videoOf(input, entry, json, i, report))
  }
  return videos
}

async function videoOf(
  input: ForeignFile,
  entry: Readonly<Record<string, unknown>>,
  json: string,
  index: number,
  report: Report,
): Promise<Video> {
  const backend = isObject(entry.backend) ? entry.backend : entry
  const dataset = typeof backend.dataset === 'string' ? backend.dataset : ''
  const group = dataset.replace(/\/video$/, '')
  let path = pathIn(backend) || pathIn(entry)
  if (path === '.' || (await input.has(`${group || `video${index}`}/video`, 'dataset'))) {
    const images = await input.find(`${group || `video${index}`}/video`)
    const count = (images && (await images.shape()))?.[0] ?? 0
    report.lost(`images in ${group || `video${index}`}`, count, 'h5tracks holds no images')
    const source = await sourceOf(input, `${group || `video${index}`}/source_video`)
    const origin = source === undefined ? undefined : lenient(source)
    const found = isObject(origin) ? pathIn(isObject(origin.backend) ? origin.backend : origin) : ''
    if (path === '.' || found !== '') path = found || input.path
  }
  const fps = Number(backend.fps)
  const stem = (path.split(/[/\\]/).at(-1) ?? '').replace(/\.[^.]*$/, '')
  const id = /^video(\d+)/.exec(dataset)?.[1]
  return {
    path,
    stem: stem || `video${index}`,
    id: id === undefined ? undefined : Number(id),
    fps: fps > 0 && Number.isFinite(fps) ? fps : undefined,
    json,
  }
}

/** The description of the video that images were taken from: an attribute, or, if it is large, a dataset. */
async function sourceOf(input: ForeignFile, path: string): Promise<string | undefined> {
  if (!(await input.has(path, 'group'))) return undefined
  return (await input.text(`${path}/json`)) ?? input.textAttribute(path, 'json')
}

/** The path of a video: for one made of images, that of the first image. */
function pathIn(backend: Readonly<Record<string, unknown>>): string {
  const { filename, filenames } = backend
  const first: unknown = Array.isArray(filename) ? filename[0] : filename
  return String(first ?? (Array.isArray(filenames) ? filenames[0] : undefined) ?? '')
}

const mostText = 16 * 2 ** 20

/** Texts that h5tracks does not use, as an attribute of the recording. */
async function keptTexts(input: ForeignFile, path: string, what: string, attribute: string, report: Report) {
  const found = await input.texts(path)
  if (found.length === 0) return {}
  const text = `[${found.join(',')}]`
  if (text.length > mostText) {
    report.lost(what, found.length, 'their description is longer than 16 MiB')
    return {}
  }
  report.kept(`${found.length} ${what}`, `the attribute ${attribute}`)
  return { [attribute]: text }
}

/** Counts what else is in the file: masks, boxes, regions, identities, embeddings, 3D points of sessions. */
async function reportOthers(input: ForeignFile, report: Report): Promise<void> {
  for (const name of await input.guarded('/', () => input.file.keys())) {
    if (tables.includes(name) || texts.includes(name) || /^video\d+$/.test(name)) continue
    const dataset = await input.find(name)
    const rows = dataset ? ((await input.guarded(name, () => dataset.shape()))?.[0] ?? 1) : 1
    report.lost(`${dataset ? 'rows of' : 'group'} ${name}`, rows, 'h5tracks has no place for it')
  }
}
