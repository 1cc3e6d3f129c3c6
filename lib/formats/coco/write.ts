/** Writes COCO: images, annotations with boxes and keypoints, and categories. */
import { arrayIn } from '../core/arrays.js'
import { type BoxReader, boxesOf } from '../core/boxes.js'
import { ByteWriter } from '../core/byte-writer.js'
import type { Batch, BatchArray, FormatCode, Recording, WriteOptions } from '../core/format.js'
import { Losses } from '../core/losses.js'
import { attributesOf, fieldOf, nameOf, onlyRecording } from '../core/recordings.js'

const title = 'COCO JSON'

export const writeCoco: NonNullable<FormatCode['write']> = async (recordings, path, options) => {
  const recording = onlyRecording(recordings, title, options)
  const out = await ByteWriter.create(path)
  try {
    const writer = new CocoWriter(recording, out, options)
    await writer.images()
    await writer.annotations()
    writer.categories()
  } catch (error) {
    await out.giveUp()
    throw error
  }
  await out.close()
}

class CocoWriter {
  readonly #recording: Recording
  readonly #out: ByteWriter
  readonly #options: WriteOptions
  readonly #boxes: BoxReader
  readonly #nodes: readonly string[]
  /** The numbers of classes by name, for classes that are texts. */
  readonly #classes = new Map<string, number>()
  readonly #hasNumbers: boolean
  readonly #seen = new Set<number>()

  constructor(recording: Recording, out: ByteWriter, options: WriteOptions) {
    this.#recording = recording
    this.#out = out
    this.#options = options
    this.#boxes = boxesOf(recording, title, options)
    const keypoints = fieldOf(recording, 'keypoints')
    const flat = keypoints?.shape[1] === 2 && !keypoints.perCamera
    const labels = recording.layout.axes.get(keypoints?.axes[0] ?? '')
    const length = flat ? (keypoints.shape[0] as number) : 0
    this.#nodes = Array.from({ length }, (_, i) => String(labels?.[i] ?? `keypoint_${i}`))
    const kind = fieldOf(recording, 'class')?.value
    if (kind?.kind === 'enum') for (const [name, id] of kind.members) if (id >= 0) this.#classes.set(name, id)
    this.#hasNumbers = kind?.kind === 'integer' || kind?.kind === 'float'
  }

  async images(): Promise<void> {
    const { layout } = this.#recording
    const out = this.#out
    const { image_width: width, image_height: height, fps } = attributesOf(this.#recording)
    const size =
      width !== undefined && height !== undefined ? `,"width":${Number(width)},"height":${Number(height)}` : ''
    if (size === '')
      this.#options.report.guessed('sizes of images', 'left out, because the recording does not say them')
    const named = fieldOf(this.#recording, 'image')
    if (!named) this.#options.report.guessed('file_name of images', 'the number of the frame')
    out.text(
      `{"info":{"description":${JSON.stringify(nameOf(this.#recording))}${fps === undefined ? '' : `,"fps":${Number(fps)}`}},\n"images":[`,
    )
    let first = true
    for await (const batch of this.#recording.batches()) {
      this.#options.signal?.throwIfAborted()
      const index = arrayIn(batch, layout.index.name) as BigInt64Array
      const images = named ? (arrayIn(batch, 'image') as readonly string[]) : undefined
      for (let frame = 0; frame < index.length; frame++) {
        const id = String(index[frame])
        const file = images?.[frame] || `${id.padStart(6, '0')}.jpg`
        out.text(`${first ? '' : ','}\n{"id":${id},"frame_id":${id},"file_name":${JSON.stringify(file)}${size}}`)
        first = false
        if (out.isFull) await out.flush()
      }
    }
    out.text('\n],\n"annotations":[')
  }

  async annotations(): Promise<void> {
    const { layout } = this.#recording
    const { report, signal } = this.#options
    const out = this.#out
    const posed = this.#nodes.length > 0
    const carried = [
      'class',
      'image',
      'identified',
      'area',
      'crowd',
      'score',
      'confidence',
      ...(posed ? ['keypoints', 'visibility'] : []),
      ...this.#boxes.fields,
    ]
    const losses = new Losses(this.#recording, carried)
    let [count, without] = [0, 0]
    for await (const batch of this.#recording.batches()) {
      signal?.throwIfAborted()
      losses.add(batch)
      const index = arrayIn(batch, layout.index.name) as BigInt64Array
      const keys = layout.key ? (arrayIn(batch, layout.key.name) as Int32Array) : undefined
      const sides = this.#boxes.read(batch)
      const write = this.#annotationWriter(batch, sides)
      for (let cell = 0; cell < index.length * layout.slots; cell++) {
        const key = keys ? (keys[cell] as number) : 0
        if (key === -1) continue
        if (Number.isNaN(sides[4 * cell]) && !posed) without++
        out.text(`${count === 0 ? '' : ','}\n{"id":${++count},"image_id":${index[Math.floor(cell / layout.slots)]}`)
        write(cell, key)
        out.text('}')
        if (out.isFull) await out.flush()
      }
    }
    out.text('\n],\n')
    report.lost('boxes that are not known', without, 'an annotation of COCO has a box: there, it has none')
    losses.report(report, 'COCO has no place for them', ['image_width', 'image_height', 'fps', 'edge_inds'])
  }

  categories(): void {
    const skeleton = this.#skeleton()
    const pose =
      this.#nodes.length > 0 ? `,"keypoints":${JSON.stringify(this.#nodes)},"skeleton":${JSON.stringify(skeleton)}` : ''
    const numbers = [...this.#seen].sort((a, b) => a - b).map((id) => [this.#nameOfClass(id), id] as const)
    const all = this.#classes.size > 0 ? [...this.#classes] : numbers
    const texts = all.map(([name, id]) => `{"id":${id},"name":${JSON.stringify(name)},"supercategory":""${pose}}`)
    this.#out.text(`"categories":[${texts.join(',\n')}]}\n`)
  }

  #nameOfClass(id: number): string {
    return this.#hasNumbers ? String(id) : 'animal'
  }

  #skeleton(): number[][] {
    const edges = attributesOf(this.#recording).edge_inds as unknown
    const { data, shape } = (edges ?? {}) as { data?: ArrayLike<number | bigint>; shape?: number[] }
    const pairs = Array.isArray(edges)
      ? (edges as number[][])
      : data && shape?.[1] === 2
        ? Array.from({ length: shape[0] as number }, (_, i) => [data[2 * i], data[2 * i + 1]])
        : []
    return pairs.map((pair) => pair.map((node) => Number(node) + 1))
  }

  /** Writes the values of an annotation after its ids. */
  #annotationWriter(batch: Batch, sides: ArrayLike<number>): (cell: number, key: number) => void {
    const out = this.#out
    const has = (name: string) => fieldOf(this.#recording, name) !== undefined
    const [kinds, area, crowd] = ['class', 'area', 'crowd'].map((name) =>
      has(name) ? arrayIn(batch, name) : undefined,
    )
    const identified = has('identified') ? arrayIn(batch, 'identified') : undefined
    const posed = this.#nodes.length > 0
    const score =
      posed || !has('confidence') ? (has('score') ? arrayIn(batch, 'score') : undefined) : arrayIn(batch, 'confidence')
    return (cell, key) => {
      if (!identified || identified[cell]) out.text(`,"track_id":${key}`)
      const category = this.#categoryOf(kinds, cell)
      if (category !== undefined) out.text(`,"category_id":${category}`)
      const known = !Number.isNaN(sides[4 * cell])
      if (known) {
        out.text(',"bbox":[')
        for (let side = 0; side < 4; side++) this.#number(Math.fround(sides[4 * cell + side] as number), side > 0)
        out.text(']')
      }
      const own = area === undefined ? Number.NaN : Number(area[cell])
      const size = Number.isNaN(own) && known ? (sides[4 * cell + 2] as number) * (sides[4 * cell + 3] as number) : own
      if (Number.isFinite(size)) out.text(`,"area":${size}`)
      out.text(`,"iscrowd":${crowd?.[cell] ? 1 : 0}`)
      if (score && !Number.isNaN(score[cell])) {
        out.text(',"score":')
        this.#number(score[cell] as number, false)
      }
      if (posed) this.#keypoints(batch, cell)
    }
  }

  #number(value: number, comma: boolean): void {
    if (comma) this.#out.byte(44)
    if (Number.isFinite(value)) this.#out.float32(value)
    else this.#out.text('null')
  }

  #categoryOf(kinds: BatchArray | undefined, cell: number): number | undefined {
    if (kinds === undefined) {
      this.#seen.add(1)
      return 1
    }
    const value = kinds[cell]
    if (typeof value === 'string') {
      if (value === '') return undefined
      const id = this.#classes.get(value) ?? this.#classes.size + 1
      this.#classes.set(value, id)
      return id
    }
    const id = Number(value)
    if (!(id >= 0)) return undefined
    this.#seen.add(id)
    return id
  }

  #keypoints(batch: Batch, cell: number): void {
    const out = this.#out
    const n = this.#nodes.length
    const points = arrayIn(batch, 'keypoints') as Float32Array
    const perNode = (name: string) =>
      fieldOf(this.#recording, name)?.shape[0] === n ? (arrayIn(batch, name) as Float32Array) : undefined
    const [visibility, confidence] = [perNode('visibility'), perNode('confidence')]
    let found = 0
    out.text(',"keypoints":[')
    for (let node = 0; node < n; node++) {
      const at = 2 * (cell * n + node)
      const known = !Number.isNaN(points[at])
      const visible = visibility ? (visibility[cell * n + node] as number) : known ? 2 : 0
      if (visible > 0) found++
      this.#number(known ? (points[at] as number) : 0, node > 0)
      this.#number(known ? (points[at + 1] as number) : 0, true)
      this.#number(visible, true)
    }
    out.text(`],"num_keypoints":${found}`)
    if (!confidence) return
    out.text(',"keypoint_scores":[')
    for (let node = 0; node < n; node++) this.#number(confidence[cell * n + node] as number, node > 0)
    out.text(']')
  }
}
