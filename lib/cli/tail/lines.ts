/** Makes the lines that `tail` prints, for files of any layout. */

import { RecordJson, recordHeader } from '../../formats/jsonl/record-json.js'
import { frameJson, headerJson } from '../../formats/jsonl/track-json.js'
import type { FileFacts } from '../../frames/file/types.js'
import type { Decoded, FrameDecoder } from '../../frames/read/frames.js'
import { RecordDecoder } from '../../frames/read/record-decoder.js'
import { isTracking } from '../../layouts/tracking.js'
import type { TypedArray } from '../../native/element-types.js'
import { TrackDecoder } from '../../tracking/frames.js'
import { RecordText } from './record-text.js'
import { frameText } from './text.js'

/** Decodes frames to lines. */
export class LineDecoder implements FrameDecoder<string> {
  readonly #lines: (arrays: readonly TypedArray[], rows: number) => Iterable<string>

  constructor(file: Decoded, json: boolean) {
    if (isTracking(file.layout)) {
      const decoder = new TrackDecoder(file)
      this.#lines = (arrays, rows) => mapped(decoder.frames(arrays, rows), json ? frameJson : frameText)
      return
    }
    const decoder = new RecordDecoder(file)
    const form = json ? new RecordJson(file.layout) : new RecordText(file.layout)
    this.#lines = (arrays, rows) => mapped(decoder.frames(arrays, rows), (frame) => form.line(frame))
  }

  *frames(arrays: readonly TypedArray[], rows: number): Generator<string, void, void> {
    yield* this.#lines(arrays, rows)
  }
}

function* mapped<T>(frames: Iterable<T>, line: (frame: T) => string): Generator<string> {
  for (const frame of frames) yield line(frame)
}

/** The first line of JSON lines. `left` names the metadata that it cannot hold. */
export function header(facts: FileFacts): { text: string; left: string[] } {
  return isTracking(facts.layout) ? headerJson(facts) : recordHeader(facts)
}
