/** Reads the annotations of a COCO file into a spool, in the order of the frames. */

import { jsonElements } from '../core/json-elements.js'
import { formatProblem } from '../core/problem.js'
import type { Report } from '../core/report.js'
import { Spool } from '../core/spool.js'
import type { TextOptions } from '../core/text-stream.js'
import { TextTable } from '../csv/text-table.js'
import { type CocoDocument, isId } from './document.js'

/** The numbers of a row of the spool: the place of the frame, the id, the number of the annotation, and values. Keypoints follow. */
export const RANK = 0
export const TRACK = 1
export const PLACE = 2
export const CATEGORY = 3
export const SCORE = 4
export const CROWD = 5
export const AREA = 6
export const BOX = 7
export const POINTS = 11

export interface Annotations {
  readonly spool: Spool
  /** Names of tracks, if ids are texts. */
  readonly names: readonly string[] | undefined
  /** Fields that no annotation has. */
  readonly has: {
    score: boolean
    crowd: boolean
    area: boolean
    box: boolean
    points: boolean
    fractions: boolean
    tracks: boolean
    scores: boolean
  }
}

type Json = Record<string, unknown>

/** Keys that are carried, or that follow from others. */
const known = [
  'id',
  'image_id',
  'category_id',
  'bbox',
  'area',
  'iscrowd',
  'keypoints',
  'num_keypoints',
  'track_id',
  'score',
  'instance_id',
  'keypoint_scores',
  'video_id',
]

export async function readAnnotations(
  path: string,
  document: CocoDocument,
  nodes: readonly string[],
  rankOf: (image: number | string) => number | undefined,
  options: TextOptions & { report: Report },
): Promise<Annotations> {
  const spool = new Spool(POINTS + 4 * nodes.length)
  const reader = new Reader(path, document, nodes, rankOf, options.report)
  try {
    for await (const elements of jsonElements(path, [document.isResults ? '' : 'annotations'], options)) {
      for (const { value } of elements) {
        const wait = spool.add(reader.row(value))
        if (wait) await wait
      }
    }
    await spool.finish()
    reader.reportLosses()
    return { spool, names: reader.names, has: reader.has }
  } catch (error) {
    await spool[Symbol.asyncDispose]()
    throw error
  }
}

class Reader {
  readonly has = {
    score: false,
    crowd: false,
    area: false,
    box: false,
    points: false,
    fractions: false,
    tracks: false,
    scores: false,
  }
  readonly #path: string
  readonly #document: CocoDocument
  readonly #rankOf: (image: number | string) => number | undefined
  readonly #report: Report
  readonly #row: Float64Array
  readonly #nodes: readonly string[]
  /** By category, the place of each of its keypoints. */
  readonly #places = new Map<number, readonly number[]>()
  readonly #tracks = new TextTable()
  readonly #lost = new Map<string, number>()
  #texts = false
  #count = 0

  constructor(
    path: string,
    document: CocoDocument,
    nodes: readonly string[],
    rankOf: (image: number | string) => number | undefined,
    report: Report,
  ) {
    this.#path = path
    this.#document = document
    this.#nodes = nodes
    this.#rankOf = rankOf
    this.#report = report
    this.#row = new Float64Array(POINTS + 4 * nodes.length)
    for (const { id, keypoints } of document.categories)
      this.#places.set(
        id,
        keypoints.map((name) => nodes.indexOf(name)),
      )
  }

  get names(): readonly string[] | undefined {
    return this.#texts ? this.#tracks.texts : undefined
  }

  row(value: unknown): Float64Array {
    const at = `${this.#document.isResults ? '' : 'annotations'}[${this.#count++}]`
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw formatProblem(this.#path, at, 'is not an object')
    const one = value as Json
    const row = this.#row.fill(Number.NaN)
    const rank = isId(one.image_id) ? this.#rankOf(one.image_id) : undefined
    if (rank === undefined)
      throw formatProblem(this.#path, at, `its image_id ${JSON.stringify(one.image_id)} is none of the images`)
    row[RANK] = rank
    row[PLACE] = this.#count - 1
    row[TRACK] = this.#track(at, one)
    row[CATEGORY] = this.#number(at, 'category_id', one.category_id)
    row[SCORE] = this.#noted('score', this.#number(at, 'score', one.score))
    row[CROWD] = this.#noted('crowd', this.#number(at, 'iscrowd', one.iscrowd))
    row[AREA] = this.#noted('area', this.#number(at, 'area', one.area))
    this.#box(at, one.bbox)
    this.#keypoints(at, one)
    for (const key of Object.keys(one)) if (!known.includes(key)) this.#note(key, one[key])
    return row
  }

  reportLosses(): void {
    for (const [key, count] of this.#lost) {
      const what = key === 'segmentation' ? 'masks (segmentation)' : `values of ${key}`
      this.#report.lost(what, count, 'a recording has no field for them')
    }
  }

  #note(key: string, value: unknown): void {
    const empty = value === null || (Array.isArray(value) && value.length === 0)
    const attributes =
      key === 'attributes' && typeof value === 'object' && Object.keys(value ?? {}).every((name) => name === 'track_id')
    if (!empty && !attributes) this.#lost.set(key, (this.#lost.get(key) ?? 0) + 1)
  }

  #noted(what: 'score' | 'crowd' | 'area', value: number): number {
    if (!Number.isNaN(value)) this.has[what] = true
    return value
  }

  #number(at: string, key: string, value: unknown): number {
    if (value === undefined || value === null) return Number.NaN
    if (typeof value === 'boolean') return Number(value)
    if (typeof value === 'number') return value
    throw formatProblem(this.#path, `${at}.${key}`, `${JSON.stringify(value)} is not a number`)
  }

  #track(at: string, one: Json): number {
    const { attributes } = one as { attributes?: Json | null }
    const id = one.track_id ?? one.instance_id ?? attributes?.track_id
    if (id === undefined || id === null || id === -1) return -1
    this.has.tracks = true
    if (typeof id === 'string') {
      this.#texts = true
      const number = this.#tracks.numberOf(id)
      if (!Number.isNaN(number)) return number
    } else if (Number.isInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 31 && !this.#texts)
      return id as number
    throw formatProblem(
      this.#path,
      `${at}.track_id`,
      `${JSON.stringify(id)} must be an integer from 0 to ${2 ** 31 - 1}, or texts for all`,
    )
  }

  #box(at: string, box: unknown): void {
    if (box === undefined || box === null || (Array.isArray(box) && box.length === 0)) return
    if (!Array.isArray(box) || box.length !== 4 || !box.every((side) => typeof side === 'number')) {
      throw formatProblem(
        this.#path,
        `${at}.bbox`,
        `${JSON.stringify(box).slice(0, 80)} is not left, top, width and height`,
      )
    }
    this.#row.set(box as number[], BOX)
    this.has.box = true
  }

  /** For each node x, y, what stands beside them, and its score. */
  #keypoints(at: string, { keypoints, category_id: category, keypoint_scores: scores }: Json): void {
    if (keypoints === undefined || keypoints === null || (Array.isArray(keypoints) && keypoints.length === 0)) return
    const places = this.#places.get(Number(category)) ?? this.#nodes.map((_, i) => i)
    if (!Array.isArray(keypoints) || keypoints.length !== 3 * places.length) {
      throw formatProblem(
        this.#path,
        `${at}.keypoints`,
        `must have ${3 * places.length} numbers, three for each keypoint of its category`,
      )
    }
    this.has.points = true
    for (const [i, place] of places.entries()) {
      const from = POINTS + 4 * place
      const [x, y, v] = keypoints.slice(3 * i, 3 * i + 3) as [number, number, number]
      if (typeof x !== 'number' || typeof y !== 'number' || typeof v !== 'number') {
        throw formatProblem(this.#path, `${at}.keypoints[${3 * i}]`, 'is not three numbers')
      }
      this.#row[from + 2] = v
      if (!Number.isInteger(v)) this.has.fractions = true
      if (v === 0 && x === 0 && y === 0) continue
      this.#row[from] = x
      this.#row[from + 1] = y
      const score = Array.isArray(scores) ? scores[i] : undefined
      if (typeof score !== 'number') continue
      this.has.scores = true
      this.#row[from + 3] = score
    }
  }
}
