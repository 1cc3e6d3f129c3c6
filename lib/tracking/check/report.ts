/** What a check gives, and how serious each kind of finding is. Touches nothing. */
import type { FrameRange } from '../read/window-reader.js'

/**
 * What can be found. `error`: the file is not what its writer meant, or does not follow the format. `warning`: odd, but a
 * writer may have meant it.
 *
 * | code | severity | meaning |
 * |---|---|---|
 * | `journal-left` | error | a journal lies beside the file: its writer died, and what it accepted last is in the journal |
 * | `unclean-shutdown` | error | the writer did not close the file, and without a journal its last frames are lost |
 * | `frames-lost` | error | the file was recovered, and says which frames it had lost |
 * | `lengths-differ` | error | the dataset has fewer rows than the longest |
 * | `missing-rows` | error | the file has no values for these frames; HDF5 reads its fill value there, "no fish" |
 * | `unreadable` | error | HDF5 cannot read these frames, or (no frames) the object, or (no dataset) the file |
 * | `frame-order` | error | `frame_index` is not above that of the frame before; not looked for with `frameOrder: 'any'` |
 * | `duplicate-fish` | error | a fish occurs twice in a frame |
 * | `slot-order` | error | ids do not ascend from slot 0, or an empty slot is not last |
 * | `negative-id` | error | an id below -1 |
 * | `negative-value` | error | a detection index below -1, or a number of cameras below 0 |
 * | `not-a-flag` | error | a value of `is_confirmed` that is neither 0 nor 1 |
 * | `value-without-fish` | error | a value in a slot without a fish |
 * | `partial-position` | warning | one or two of a position's three numbers are NaN |
 * | `partial-box` | warning | the third or fourth number of a box is -1, but not all four are |
 */
export type FindingCode = keyof typeof severities

const severities = {
  'journal-left': 'error',
  'unclean-shutdown': 'error',
  'frames-lost': 'error',
  'lengths-differ': 'error',
  'missing-rows': 'error',
  unreadable: 'error',
  'frame-order': 'error',
  'duplicate-fish': 'error',
  'slot-order': 'error',
  'negative-id': 'error',
  'negative-value': 'error',
  'not-a-flag': 'error',
  'value-without-fish': 'error',
  'partial-position': 'warning',
  'partial-box': 'warning',
} as const

/** One kind of thing that was found in one dataset, or about the file. Frames are counted from 0 by their place in the file. */
export interface Finding {
  code: FindingCode
  severity: 'error' | 'warning'
  /** Path of the dataset, or of another object that cannot be read; absent where it is about the file. */
  dataset?: string
  /** From the first frame concerned to the one after the last; `ranges` says which of those between are. */
  frames?: Required<FrameRange>
  /** The frames concerned as runs, ascending; the first 100 of them. */
  ranges?: Required<FrameRange>[]
  /** How many frames are concerned. */
  count?: number
  /** What is wrong, with the first place where it is, for people. */
  text: string
}

export interface CheckReport {
  /** The file, as it was named. */
  path: string
  /** Frames in the file: rows of its longest dataset. */
  frames: number
  /**
   * Empty: nothing was found. At most one for each code and dataset, but for `unreadable` attributes; those about the file first, then
   * dataset by dataset.
   */
  findings: Finding[]
}

const mostRanges = 100

/** Collects the frames that one finding concerns, which come in ascending order. */
export class Frames {
  readonly code: FindingCode
  readonly dataset: string
  count = 0
  #stop = 0
  #text = ''
  readonly #ranges: Required<FrameRange>[] = []

  constructor(code: FindingCode, dataset: string) {
    this.code = code
    this.dataset = dataset
  }

  /** Adds frames; `explain` is asked once, for the first. What was added before is not counted again. */
  add(start: number, stop: number, explain: () => string): void {
    if (this.count === 0) this.#text = explain()
    const first = this.count === 0 ? start : Math.max(start, this.#stop)
    if (first >= stop) return
    const last = this.#ranges.at(-1)
    if (last && last.stop === first) last.stop = stop
    else if (this.#ranges.length < mostRanges) this.#ranges.push({ start: first, stop })
    this.count += stop - first
    this.#stop = stop
  }

  finding(): Finding {
    const frames = { start: this.#ranges[0]?.start ?? 0, stop: this.#stop }
    const { dataset, count } = this
    return { ...findingOf(this.code, this.#text), dataset, frames, ranges: this.#ranges, count }
  }
}

/** A finding about the file. */
export function findingOf(code: FindingCode, text: string): Finding {
  return { code, severity: severities[code], text }
}
