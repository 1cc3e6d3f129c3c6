/** The report of a check: its findings and their severities. */
import type { FrameRange } from '../read/base-reader.js'

/**
 * The kinds of findings. `error`: the file differs from what its writer wrote, or violates the format. `warning`: unusual, but
 * possibly intended. `info`: nothing is wrong, but good to know.
 *
 * Of any file:
 *
 * | code | severity | meaning |
 * |---|---|---|
 * | `journal-left` | error | the writer died and left a journal, which holds the frames that were accepted last |
 * | `unclean-shutdown` | error | the writer did not close the file; without a journal, its last frames are lost |
 * | `frames-lost` | error | a recovery recorded in the file that frames were lost |
 * | `lengths-differ` | error | the dataset has fewer rows than the longest one of its layout |
 * | `missing-rows` | error | the file has no values for these frames; HDF5 reads fill values there, which mean "nothing was there" |
 * | `unreadable` | error | HDF5 cannot read these frames, or (without frames) the object, or (without a dataset) the file |
 * | `frame-order` | error | the frame index is not greater than that of the frame before; not checked with `frameOrder: 'any'` |
 * | `slot-order` | error | keys (ids) do not ascend from slot 0, or an empty slot is not last |
 * | `not-a-flag` | error | a bool that is neither 0 nor 1 |
 * | `partial-position` | warning | a vector is neither completely known nor completely unknown: `[NaN, 1, 2]`, or infinite. Only of fields with `partial: 'refuse'`, as `centroid_3d` is: other layouts may hold such vectors |
 * | `missing-frames` | info | the frame index skips numbers before these frames; not reported if it does not increase |
 *
 * Only of files of `trackingLayout`:
 *
 * | code | severity | meaning |
 * |---|---|---|
 * | `duplicate-fish` | error | a fish occurs twice in a frame |
 * | `negative-id` | error | an id below -1 |
 * | `negative-value` | error | a detection index below -1, or a number of cameras below 0 |
 * | `value-without-fish` | error | a value in a slot without a fish |
 * | `partial-box` | warning | the third or fourth number of a box is -1, but not all four are |
 *
 * Only of other layouts:
 *
 * | code | severity | meaning |
 * |---|---|---|
 * | `duplicate-key` | error | a key occurs twice in a frame |
 * | `negative-key` | error | a key below -1 |
 * | `out-of-range` | error | a value outside the `range` of its field that is not the fill value either |
 * | `not-a-member` | error | a number of an enum that no member has |
 * | `not-text` | error | a string that is not UTF-8, or has bytes after its NUL padding |
 * | `value-without-record` | error | a value in an empty slot other than the fill value |
 */
export type FindingCode = keyof typeof severities

/** How bad a finding is. */
export type Severity = 'error' | 'warning' | 'info'

const severities = {
  'journal-left': 'error',
  'unclean-shutdown': 'error',
  'frames-lost': 'error',
  'lengths-differ': 'error',
  'missing-rows': 'error',
  unreadable: 'error',
  'frame-order': 'error',
  'slot-order': 'error',
  'not-a-flag': 'error',
  'partial-position': 'warning',
  'missing-frames': 'info',
  'duplicate-fish': 'error',
  'negative-id': 'error',
  'negative-value': 'error',
  'value-without-fish': 'error',
  'partial-box': 'warning',
  'duplicate-key': 'error',
  'negative-key': 'error',
  'out-of-range': 'error',
  'not-a-member': 'error',
  'not-text': 'error',
  'value-without-record': 'error',
} as const satisfies Record<string, Severity>

/** A finding of one kind in one dataset, or about the file. Frames are numbered from 0 by their row in the file. */
export interface Finding {
  code: FindingCode
  severity: Severity
  /** Name of the layout that the dataset belongs to; absent if the file holds nothing but tracking frames. */
  layout?: string
  /** Path of the dataset, or of another object that cannot be read; absent if the finding is about the file. */
  dataset?: string
  /** From the first affected frame to the one after the last. Not all frames between need be affected, see `ranges`. */
  frames?: Required<FrameRange>
  /** Runs of affected frames, ascending; only the first 100. */
  ranges?: Required<FrameRange>[]
  /** Number of affected frames. */
  count?: number
  /** A description for people, with the first place that is wrong. */
  text: string
}

/** The result of {@link check}. */
export interface CheckReport {
  /** The path of the file as it was given. */
  path: string
  /** Number of frames in the file (of its first layout, if it has several): rows of its longest dataset. */
  frames: number
  /** The layouts that were checked, by the names of their groups; absent if the file holds nothing but tracking frames. */
  layouts?: { name: string; frames: number }[]
  /**
   * The errors and warnings, empty if nothing is wrong: first those about the file, then layout by layout and dataset by dataset. At most one
   * for each code and dataset, except for `unreadable` attributes.
   */
  findings: Finding[]
  /** Findings of the severity 'info', in the same order; absent if there are none. */
  information?: Finding[]
}

const mostRanges = 100

/** Collects the frames of one finding, in ascending order. */
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

  /** Adds frames. `explain` is called only for the first. Frames that were already added are not counted again. */
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

  /** Replaces the text. */
  describe(text: string): void {
    this.#text = text
  }

  finding(): Finding {
    const frames = { start: this.#ranges[0]?.start ?? 0, stop: this.#stop }
    const { dataset, count } = this
    return { ...findingOf(this.code, this.#text), dataset, frames, ranges: this.#ranges, count }
  }
}

/** Makes a finding about the file. */
export function findingOf(code: FindingCode, text: string): Finding {
  return { code, severity: severities[code], text }
}
