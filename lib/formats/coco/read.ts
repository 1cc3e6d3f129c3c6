/** Reads COCO: boxes and keypoints of annotations, and lists of results. */
import { H5TracksError } from '../../base/errors.js'
import { defineLayout } from '../../layout/define.js'
import type { Layout } from '../../layout/model.js'
import type { FieldSpec, LayoutSpec } from '../../layout/spec.js'
import { poseLayout } from '../../layouts/pose.js'
import type { FormatCode, ReadOptions, Recording } from '../core/format.js'
import { jsonElements } from '../core/json-elements.js'
import { Probe } from '../core/probe.js'
import { formatProblem } from '../core/problem.js'
import { type Annotations, RANK, readAnnotations, TRACK } from './annotations.js'
import { type CocoDocument, readDocument } from './document.js'
import { cocoFrames } from './frames.js'
import type { CocoFrames } from './images.js'

export function detectCoco(probe: Probe): number {
  const text = probe.text()?.trimStart()
  if (!text) return 0
  if (text.startsWith('[')) return /^\[\s*\{[^{}]*"image_id"/.test(text) ? 0.9 : 0
  if (!text.startsWith('{')) return 0
  const keys = ['"images"', '"annotations"', '"categories"'].filter((key) => text.includes(key))
  if (keys.length === 0)
    return /\.json(\.gz|\.zst)?$/.test(probe.name) && /^\{\s*"(info|licenses|videos)"/.test(text) ? 0.5 : 0
  return 0.6 + 0.1 * keys.length
}

export const readCoco: NonNullable<FormatCode['read']> = async (path, options) => {
  const isResults = await startsAsList(path)
  const document = await readDocument(path, isResults, options)
  if (!isResults && document.images.size === 0) throw formatProblem(path, 'images', 'there are none', 'is it COCO?')
  const nodes = isResults ? await resultNodes(path, options) : document.nodes
  const { rankOf, videos } = order(path, document)
  const annotations = await readAnnotations(path, document, nodes, rankOf, options)
  try {
    const facts = await survey(annotations)
    const recordings = [...videos].map(([video, frames]) => {
      const group = groupOf(document, video, videos.size, nodes.length > 0)
      return recordingOf(path, { document, annotations, nodes, frames, group, ...facts }, options)
    })
    if (isResults && annotations.spool.rows === 0) throw formatProblem(path, undefined, 'the list of results is empty')
    return { recordings, [Symbol.asyncDispose]: () => annotations.spool[Symbol.asyncDispose]() }
  } catch (error) {
    await annotations.spool[Symbol.asyncDispose]()
    throw error
  }
}

async function startsAsList(path: string): Promise<boolean> {
  using probe = await Probe.open(path)
  const text = (probe.text() ?? '').replace(/^\ufeff/, '').trimStart()
  if (text.startsWith('[') || text.startsWith('{')) return text.startsWith('[')
  throw formatProblem(path, undefined, 'is not JSON: neither a list nor an object', 'is it COCO?')
}

/** Results do not say what their keypoints are called. */
async function resultNodes(path: string, options: ReadOptions): Promise<readonly string[]> {
  for await (const elements of jsonElements(path, [''], options)) {
    for (const { value } of elements) {
      const { keypoints } = (value ?? {}) as { keypoints?: unknown[] }
      if (!Array.isArray(keypoints) || keypoints.length < 3) return []
      options.report.guessed('names of keypoints', `keypoint_0 to keypoint_${keypoints.length / 3 - 1}`)
      return Array.from({ length: Math.floor(keypoints.length / 3) }, (_, i) => `keypoint_${i}`)
    }
  }
  return []
}

/** The place of each image among all frames, and the frames of each video; those of results are their image ids. */
function order(path: string, { isResults, images }: CocoDocument) {
  if (isResults) {
    const rankOf = (image: number | string) => (typeof image === 'number' ? image : undefined)
    return { rankOf, videos: new Map<number, CocoFrames | undefined>([[0, undefined]]) }
  }
  const [first, second] = images.sort() ?? []
  if (first && second) {
    throw formatProblem(
      path,
      'images',
      `two are frame ${first.frame}: ${JSON.stringify(first.file)} and ${JSON.stringify(second.file)}`,
    )
  }
  const videos: ReadonlyMap<number, CocoFrames | undefined> = images.byVideo()
  return { rankOf: (image: number | string) => images.rankOf(image), videos }
}

async function survey({
  spool,
}: Annotations): Promise<{ slots: number; maxId: number; someUnknown: boolean; frameCount: number }> {
  const facts = { slots: 1, maxId: -1, someUnknown: false, frameCount: 0 }
  let [rank, count] = [Number.NaN, 0]
  for await (const block of spool.blocks()) {
    for (let at = 0; at < block.length; at += spool.width) {
      if (block[at + RANK] !== rank) {
        rank = block[at + RANK] as number
        facts.frameCount++
        count = 0
      }
      facts.slots = Math.max(facts.slots, ++count)
      const id = block[at + TRACK] as number
      if (id < 0) facts.someUnknown = true
      facts.maxId = Math.max(facts.maxId, id)
    }
  }
  return facts
}

function groupOf({ videos }: CocoDocument, video: number, count: number, posed: boolean): string {
  const base = posed ? 'poses' : 'tracks'
  if (count === 1) return base
  return `${base}_${(videos.get(video) ?? String(video)).replaceAll(/[/\0]|\p{Surrogate}/gu, '_')}`
}

interface Found {
  readonly document: CocoDocument
  readonly annotations: Annotations
  readonly nodes: readonly string[]
  readonly frames: CocoFrames | undefined
  readonly group: string
  readonly slots: number
  readonly maxId: number
  readonly someUnknown: boolean
  readonly frameCount: number
}

function recordingOf(path: string, found: Found, { report, signal, max }: ReadOptions): Recording {
  const { annotations, nodes, frames, slots } = found
  const { document } = found
  if (max !== undefined && max < slots) {
    const message = `${path} has images with ${slots} annotations, and max allows ${max}; leave max (--max) out, or raise it`
    throw new H5TracksError(message, { code: 'ERR_TOO_MANY_RECORDS', path, field: 'max' })
  }
  if (max === undefined) report.guessed('slots for animals', String(slots))
  if (found.someUnknown)
    report.guessed('identities', 'some annotations have no track_id: they are numbered in each image')
  const layout = layoutOf(found, max ?? slots)
  const { size } = document
  return {
    layout,
    cameras: [],
    metadata: {
      ...(annotations.names && { names: annotations.names }),
      ...(size && { image_width: size[0], image_height: size[1] }),
    },
    frames: frames?.length ?? found.frameCount,
    batches: () =>
      cocoFrames({ path, layout, annotations, frames, nodes: nodes.length, firstUnknown: found.maxId + 1, signal }),
  }
}

function layoutOf(found: Found, max: number): Layout {
  const { annotations, nodes, document, frames, group, slots, someUnknown } = found
  const { has } = annotations
  const optional = { optional: true } as const
  const fields: Record<string, FieldSpec> = {
    class: classOf(document),
    ...(has.box && { box: { type: 'float32', shape: [4], axes: ['side'], unit: 'px', ...optional } }),
    ...(has.area && { area: { type: 'float64', unit: 'px2', ...optional } }),
    ...(has.crowd && { crowd: { type: 'bool', ...optional } }),
    ...(someUnknown && (has.tracks || slots > 1) && { identified: { type: 'bool', ...optional } }),
  }
  const longest = frames?.longestName() ?? 0
  const image =
    longest > 0 && longest <= 65_535 ? { image: { type: 'string', length: longest, ...optional } as const } : {}
  const sides = has.box ? { side: ['x', 'y', 'width', 'height'] } : {}
  if (nodes.length === 0) {
    const confidence = has.score ? { confidence: { type: 'float32', ...optional } as const } : {}
    return defineLayout({
      group,
      slots: { name: 'individual', max },
      perFrame: image,
      fields: { ...fields, ...confidence },
      axes: sides,
    })
  }
  const { spec } = poseLayout({ nodes, edges: document.edges as [number, number][], dimensions: 2, max, group })
  const { keypoints, confidence, score } = spec.fields
  const visibility = { type: 'uint8', shape: [nodes.length], axes: ['node'], ...optional } as const
  return defineLayout({
    ...(spec as LayoutSpec),
    perFrame: image,
    fields: {
      keypoints: { ...keypoints, optional: true },
      ...(has.fractions || has.scores ? { confidence } : {}),
      ...(has.fractions ? {} : { visibility }),
      ...(has.score && { score }),
      ...fields,
    },
    axes: { ...(spec as LayoutSpec).axes, ...sides },
  })
}

/** An enum of the categories; the number alone if the file does not name them. */
function classOf({ categories }: CocoDocument): FieldSpec {
  const names = categories.map(({ name }) => name)
  const members = categories.map(
    ({ id, name }) =>
      [names.indexOf(name) === names.lastIndexOf(name) ? name || String(id) : `${name} ${id}`, id] as const,
  )
  const fits =
    members.length > 0 &&
    members.every(([name, id]) => id !== -1 && Math.abs(id) < 2 ** 31 && !name.includes('\0') && name !== 'unknown')
  if (!fits) return { type: 'int32', fill: -1, optional: true }
  return {
    type: 'enum',
    base: 'int32',
    members: { unknown: -1, ...Object.fromEntries(members) },
    fill: 'unknown',
    optional: true,
  }
}
