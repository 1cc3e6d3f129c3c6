/** Formats a frame of any layout as a JSON line. */

import { nameOf } from '../../frames/file/choose.js'
import { withoutOwn } from '../../frames/file/metadata.js'
import type { FileFacts } from '../../frames/file/types.js'
import type { FrameReading } from '../../layout/infer.js'
import type { Layout } from '../../layout/model.js'
import type { LayoutSpec } from '../../layout/spec.js'
import { jsonLine } from './json-line.js'
import { metadataJson } from './metadata.js'
import { specJson } from './spec.js'

/** What the first line says. */
export type HeaderFacts = Pick<FileFacts, 'layout' | 'cameraNames' | 'slots' | 'metadata'> & {
  readonly chunkFrames?: number | undefined
}

/** The first line: what the file says besides its frames. `left` names the metadata that the line cannot hold. */
export function recordHeader({ layout, cameraNames, slots, chunkFrames, metadata }: HeaderFacts): {
  text: string
  left: string[]
} {
  const { given, kept } = withoutOwn(layout, metadata)
  const { json, left } = metadataJson(given)
  const own = JSON.stringify({ layout: nameOf(layout.root), cameras: cameraNames, slots, chunkFrames })
  return { text: `${own.slice(0, -1)},"spec":${specJson(layout)},"metadata":${json}}\n`, left: [...kept, ...left] }
}

export class RecordJson {
  readonly #shapes: ReadonlyMap<string, readonly number[]>

  constructor({ fields }: Layout) {
    this.#shapes = new Map(fields.map(({ name, shape }) => [name, shape]))
  }

  /** Integers beyond 2^53 become strings, NaN becomes null, and values with a shape become arrays nested as the shape. */
  line({ frameIndex, records, record, perFrame }: FrameReading<LayoutSpec>): string {
    return jsonLine({
      frame: plain(frameIndex),
      ...(Object.keys(perFrame).length > 0 && { perFrame: this.#values(perFrame) }),
      ...(records ? { records: records.map((one) => this.#values(one)) } : { record: this.#values(record ?? {}) }),
    })
  }

  #values(given: object): Record<string, unknown> {
    return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, this.#value(name, value)]))
  }

  #value(name: string, value: unknown): unknown {
    if (ArrayBuffer.isView(value) || Array.isArray(value)) {
      const list = Array.from(value as ArrayLike<unknown>, plain)
      // The names of cameras are a list without a shape.
      return nested(list, this.#shapes.get(name) ?? [])
    }
    if (typeof value !== 'object' || value === null) return plain(value)
    return Object.fromEntries(Object.entries(value).map(([camera, one]) => [camera, this.#value(name, one)]))
  }
}

const plain = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

function nested(list: unknown[], shape: readonly number[]): unknown[] {
  const [length, ...inner] = shape
  if (length === undefined || inner.length === 0) return list
  const step = list.length / length
  return Array.from({ length }, (_, i) => nested(list.slice(i * step, (i + 1) * step), inner))
}
