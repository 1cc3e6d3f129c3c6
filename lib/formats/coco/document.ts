/** What a COCO file says besides its annotations: images, categories and videos. */

import { jsonElements } from '../core/json-elements.js'
import { formatProblem } from '../core/problem.js'
import type { Report } from '../core/report.js'
import type { TextOptions } from '../core/text-stream.js'
import { type CocoImage, ImageTable } from './images.js'

export interface Category {
  readonly id: number
  readonly name: string
  readonly keypoints: readonly string[]
}

export interface CocoDocument {
  /** The file is a list of results, without images and categories. */
  readonly isResults: boolean
  readonly categories: readonly Category[]
  readonly images: ImageTable
  readonly videos: ReadonlyMap<number, string>
  /** The names of the keypoints of all categories, and the bones between them. */
  readonly nodes: readonly string[]
  readonly edges: readonly (readonly number[])[]
  /** Width and height of the images, if they are the same for all. */
  readonly size: readonly [number, number] | undefined
}

type Json = Record<string, unknown>

/** Reads images, categories and videos. Memory grows with their number, and not with that of the annotations. */
export async function readDocument(
  path: string,
  isResults: boolean,
  options: TextOptions & { report: Report },
): Promise<CocoDocument> {
  const categories: Category[] = []
  const images = new ImageTable()
  const videos = new Map<number, string>()
  const bones: [string, string][] = []
  const sizes = new Set<string>()
  const keys = new Set<string>()
  const lists = isResults ? [] : ['images', 'categories', 'videos']
  for await (const elements of lists.length > 0 ? jsonElements(path, lists, options) : []) {
    for (const { list, value } of elements) {
      const one = value as Json
      const at = `${list}[${list === 'images' ? images.size : list === 'videos' ? videos.size : categories.length}]`
      if (typeof value !== 'object' || value === null) throw formatProblem(path, at, 'is not an object')
      if (list === 'videos') videos.set(Number(one.id), String(one.name ?? one.file_name ?? one.id))
      else if (list === 'images') {
        const [id, image, from] = imageOf(path, at, one)
        if (!images.add(id, image)) throw formatProblem(path, at, `the id ${id} occurs twice`)
        keys.add(from)
        if (sizes.size < 2) sizes.add(`${one.width} ${one.height}`)
      } else categories.push(categoryOf(path, at, one, bones))
    }
  }
  const by = [...keys].filter((key) => key !== 'frame_id')
  if (by.length > 0) options.report.guessed('frames', `${by.join(', ')} of the images`)
  const nodes = [...new Set(categories.flatMap(({ keypoints }) => keypoints))]
  const edges = bones
    .map((bone) => bone.map((name) => nodes.indexOf(name)))
    .filter(([a = -1, b = -1]) => a >= 0 && b >= 0)
  const [width = NaN, height = NaN] = sizes.size === 1 ? [...sizes][0]!.split(' ').map(Number) : []
  const size = width > 0 && height > 0 ? ([width, height] as const) : undefined
  if (sizes.size > 1) options.report.lost('sizes of images', images.size, 'they differ, and a recording has one')
  return { isResults, categories, images, videos, nodes, edges: distinct(edges), size }
}

function imageOf(path: string, at: string, one: Json): [number | string, CocoImage, string] {
  const { id, file_name: file } = one
  if (!isId(id)) throw formatProblem(path, at, 'has no id')
  const key = ['frame_id', 'frame_index', 'frame', 'frame_number', 'id'].find((name) => Number.isSafeInteger(one[name]))
  const digits = typeof file === 'string' ? /(\d+)\D*$/.exec(file)?.[1] : undefined
  const frame = key ? Number(one[key]) : Number(digits ?? NaN)
  if (!Number.isSafeInteger(frame))
    throw formatProblem(path, at, 'has no frame_id, no integer as id, and no number in its file_name')
  const video = Number.isSafeInteger(one.video_id) ? Number(one.video_id) : 0
  return [id, { video, frame, file: typeof file === 'string' ? file : '' }, key ?? 'number in the file_name']
}

function categoryOf(path: string, at: string, one: Json, bones: [string, string][]): Category {
  const { id, name, keypoints = [], skeleton = [] } = one
  if (!Number.isSafeInteger(id)) throw formatProblem(path, at, 'has no integer as id')
  if (!Array.isArray(keypoints) || !Array.isArray(skeleton))
    throw formatProblem(path, at, 'keypoints and skeleton must be lists')
  const names = keypoints.map(String)
  if (new Set(names).size !== names.length || names.includes(''))
    throw formatProblem(path, at, 'the names of its keypoints are not distinct')
  for (const bone of skeleton as unknown[]) {
    // Nodes count from 1.
    const [a, b] = Array.isArray(bone) ? bone.map((node) => names[Number(node) - 1]) : []
    if (a !== undefined && b !== undefined) bones.push([a, b])
  }
  return { id: Number(id), name: String(name ?? id), keypoints: names }
}

export const isId = (id: unknown): id is number | string =>
  Number.isSafeInteger(id) || (typeof id === 'string' && id !== '')

function distinct(edges: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const texts = edges.map(String)
  return edges.filter((_, i) => texts.indexOf(texts[i] as string) === i)
}
