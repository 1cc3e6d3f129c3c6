/** What a file says of a recording in its attributes, under the names that are in use. */
import type { ReadMetadata } from '../../frames/file/types.js'
import type { Layout } from '../../layout/model.js'

/** Attributes of the file, or else of its layout. */
export class Facts {
  readonly #values: ReadonlyMap<string, unknown>

  constructor(metadata: Readonly<ReadMetadata>, layout: Layout) {
    const entries = [...Object.entries(layout.attributes), ...Object.entries(metadata)]
    this.#values = new Map(entries.map(([name, value]) => [name.toLowerCase(), value]))
  }

  /** The numbers of an attribute of any shape; [] for another value. */
  numbers(...names: string[]): number[] {
    for (const name of names) {
      const list = flat(this.#values.get(name))
      if (list.length > 0 && list.every((one) => typeof one === 'number')) return list as number[]
    }
    return []
  }

  /** The texts of an attribute of any shape; [] for another value. */
  texts(...names: string[]): string[] {
    for (const name of names) {
      const list = flat(this.#values.get(name))
      if (list.length > 0 && list.every((one) => typeof one === 'string')) return list as string[]
    }
    return []
  }

  /** Frames per second. */
  get fps(): number | null {
    const [fps] = this.numbers('fps', 'frame_rate', 'framerate', 'frames_per_second', 'video_fps', 'sampling_rate')
    return fps !== undefined && fps > 0 && Number.isFinite(fps) ? fps : null
  }

  /** Length, width and depth of the tank. */
  get tank(): number[] | null {
    return sizes(this.numbers('tank_size', 'arena_size'), 3)
  }

  /** Width and height of the images. */
  get image(): number[] | null {
    const both = this.numbers('image_size', 'frame_size', 'video_size', 'resolution')
    const apart = [...this.numbers('image_width', 'frame_width'), ...this.numbers('image_height', 'frame_height')]
    return sizes(both, 2) ?? sizes(apart, 2)
  }
}

function sizes(list: readonly number[], length: number): number[] | null {
  return list.length === length && list.every((size) => size > 0 && Number.isFinite(size)) ? [...list] : null
}

function flat(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(flat)
  if (typeof value === 'bigint') return [Number(value)]
  if (typeof value === 'object' && value !== null && 'data' in value) return flat(value.data)
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as never, Number)
  return typeof value === 'number' || typeof value === 'string' ? [value] : []
}
