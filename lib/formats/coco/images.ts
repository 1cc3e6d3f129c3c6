/** The images of a COCO file in little memory: numbers in arrays, and names as bytes. A file may have millions. */

export interface CocoImage {
  readonly video: number
  readonly frame: number
  readonly file: string
}

/** A frame of a recording: its place among all frames, its index and the name of its image. */
export interface CocoFrame {
  readonly rank: number
  readonly index: number
  readonly image: string
}

export class ImageTable {
  readonly #places = new Map<number | string, number>()
  #videos = new Float64Array(1024)
  #frames = new Float64Array(1024)
  /** Where the names end. */
  #ends = new Float64Array(1024)
  #names = Buffer.alloc(2 ** 14)
  /** The places in the order of videos and frames, and the rank of each place in it. */
  #order = new Uint32Array(0)
  #ranks = new Uint32Array(0)

  get size(): number {
    return this.#places.size
  }

  /** Adds an image. False if there is one with this id already. */
  add(id: number | string, { video, frame, file }: CocoImage): boolean {
    if (this.#places.has(id)) return false
    const place = this.#places.size
    if (place === this.#videos.length) this.#grow()
    const from = this.#endOf(place - 1)
    const bytes = Buffer.byteLength(file)
    if (from + bytes > this.#names.length) {
      const larger = Buffer.alloc(2 * (from + bytes))
      this.#names.copy(larger)
      this.#names = larger
    }
    this.#names.write(file, from)
    this.#videos[place] = video
    this.#frames[place] = frame
    this.#ends[place] = from + bytes
    this.#places.set(id, place)
    return true
  }

  /** Orders the images by video and frame. Returns two that are the same frame of a video, if there are. */
  sort(): readonly [CocoImage, CocoImage] | undefined {
    const [videos, frames] = [this.#videos, this.#frames]
    const compared = (a: number, b: number) =>
      (videos[a] as number) - (videos[b] as number) || (frames[a] as number) - (frames[b] as number)
    this.#order = Uint32Array.from({ length: this.size }, (_, place) => place)
    this.#order.sort((a, b) => compared(a, b) || a - b)
    this.#ranks = new Uint32Array(this.size)
    for (const [rank, place] of this.#order.entries()) this.#ranks[place] = rank
    const twice = this.#order.findIndex(
      (place, rank) => rank > 0 && compared(this.#order[rank - 1] as number, place) === 0,
    )
    return twice < 0 ? undefined : [this.#image(twice - 1), this.#image(twice)]
  }

  /** The place of an image in the order; undefined if there is no image with this id. */
  rankOf(id: number | string): number | undefined {
    const place = this.#places.get(id)
    return place === undefined ? undefined : this.#ranks[place]
  }

  /** The frames of each video, in their order. */
  byVideo(): Map<number, CocoFrames> {
    const found = new Map<number, CocoFrames>()
    for (let start = 0; start < this.size; ) {
      const { video } = this.#image(start)
      let stop = start + 1
      while (stop < this.size && this.#videos[this.#order[stop] as number] === video) stop++
      found.set(video, new CocoFrames((rank) => this.#image(rank), start, stop))
      start = stop
    }
    return found
  }

  #image(rank: number): CocoImage {
    const place = this.#order[rank] as number
    const file = this.#names.toString('utf8', this.#endOf(place - 1), this.#endOf(place))
    return { video: this.#videos[place] as number, frame: this.#frames[place] as number, file }
  }

  #endOf(place: number): number {
    return place < 0 ? 0 : (this.#ends[place] as number)
  }

  #grow(): void {
    const grown = (values: Float64Array) => {
      const larger = new Float64Array(2 * values.length)
      larger.set(values)
      return larger
    }
    this.#videos = grown(this.#videos)
    this.#frames = grown(this.#frames)
    this.#ends = grown(this.#ends)
  }
}

/** The frames of a video, which have consecutive ranks. */
export class CocoFrames {
  /** The first rank, and the one after the last. */
  readonly start: number
  readonly stop: number
  readonly #image: (rank: number) => CocoImage

  constructor(image: (rank: number) => CocoImage, start: number, stop: number) {
    this.#image = image
    this.start = start
    this.stop = stop
  }

  get length(): number {
    return this.stop - this.start
  }

  at(rank: number): CocoFrame {
    const { frame, file } = this.#image(rank)
    return { rank, index: frame, image: file }
  }

  /** Bytes of the longest name. */
  longestName(): number {
    let longest = 0
    for (let rank = this.start; rank < this.stop; rank++) {
      longest = Math.max(longest, Buffer.byteLength(this.#image(rank).file))
    }
    return longest
  }
}
