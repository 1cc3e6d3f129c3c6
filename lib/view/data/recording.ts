/** A layout of a file as the page shows it: its views, windows, coverage and gaps. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { H5TracksError } from '../../base/errors.js'
import type { Coverage } from '../wire/coverage.js'
import type { Bounds, FileState, Gap, LayoutDescription } from '../wire/description.js'
import { frameBytes } from '../wire/window.js'
import { BoundsSample } from './bounds.js'
import { CoverageCounter } from './coverage.js'
import { Facts } from './facts.js'
import { findGap, type GapSearch } from './gaps.js'
import { Gate } from './gate.js'
import type { Rows } from './rows.js'
import { Sights } from './sight.js'
import { nounOf, type ViewPlan, viewsOf } from './views.js'
import { Windows } from './windows.js'

/** A frame that takes more is refused: windows are made as a whole. */
const mostFrameBytes = 2 ** 26
/** How often a file that is being written is looked at, ms. */
const pollMs = 50
const mostNames = 10_000

/** What is drawn of a layout without positions. */
const nothing: ViewPlan = {
  ...{
    title: 'Frames',
    dimensions: 2,
    down: true,
    unit: null,
    size: null,
    camera: null,
    parts: [],
    confidence: undefined,
  },
}

export class Recording {
  readonly description: Omit<LayoutDescription, keyof FileState | 'fps'>
  readonly #rows: Rows
  readonly #facts: Facts
  readonly #views: readonly Windows[]
  readonly #samples: readonly BoundsSample[]
  readonly #counter = new CoverageCounter()
  readonly #sights: Sights
  readonly #gate = new Gate(4)
  #scan: Promise<void> | null = null
  #problem: string | null = null
  #closed = false

  /** @param videos addresses of videos by the titles of their views; '' is the only plane */
  constructor(name: string, rows: Rows, videos: ReadonlyMap<string, string>) {
    const { layout, slots } = rows.facts
    const plans = viewsOf(rows.facts)
    this.#rows = rows
    this.#facts = new Facts(rows.facts.metadata, layout)
    this.#views = (plans.length === 0 ? [nothing] : plans).map((plan) => new Windows(rows, plan))
    const largest = Math.max(...this.#views.map(({ form }) => frameBytes(form)))
    if (largest > mostFrameBytes) throw tooLarge(name, largest)
    this.#samples = this.#views.map((view) => new BoundsSample(view))
    this.#sights = new Sights(this.#views, largest)
    this.description = {
      name,
      slots,
      noun: nounOf(layout),
      names: layout.key
        ? this.#facts.texts('names', `${layout.key.name}_names`, 'track_names').slice(0, mostNames)
        : [],
      hasTime: this.#views[0]!.form.hasTime,
      views: this.#views.map(({ plan, form, frames }) => ({
        ...{ title: plan.title, dimensions: plan.dimensions, down: plan.down, unit: plan.unit, size: plan.size },
        video: plan.dimensions === 2 ? (videos.get(plan.title) ?? videos.get('') ?? null) : null,
        parts: form.view.parts,
        windowFrames: frames,
      })),
    }
  }

  /** Says what the layout is. Begins to count its coverage once this has been used. */
  async describe(): Promise<LayoutDescription> {
    const fps = this.#facts.fps ?? (await this.#fpsOfTimes())
    return { ...this.description, fps, ...this.state() }
  }

  state(): FileState {
    const { frames, live, problem } = this.#rows.state()
    return { frames, live, problem: problem ?? this.#problem, scanned: this.#counter.scanned }
  }

  /** The bytes of a window of a view; null if it is not wanted any more. */
  async window(view: number, start: number, isWanted: () => boolean): Promise<ArrayBuffer | null> {
    const windows = this.#views[view]
    if (!windows) return null
    const made = await this.#gate.run(() => windows.read(start), isWanted)
    this.#scan ??= this.#count()
    return made?.buffer ?? null
  }

  async bounds(view: number): Promise<Bounds | null> {
    return (await this.#samples[view]?.bounds(this.#rows.state().frames)) ?? null
  }

  get coverage(): Coverage {
    return this.#counter.coverage
  }

  /** Waits until the part of the file that is searched has been counted. */
  async gap(search: GapSearch, isWanted: () => boolean): Promise<Gap> {
    const nearest = search.direction === 1 ? 0 : search.from
    while (!this.#closed && isWanted() && this.#problem === null) {
      const { scanned } = this.#counter
      const { frames } = this.#rows.state()
      const gap = scanned >= nearest ? await findGap(this.#counter, this.#sights, search) : { row: null, id: null }
      if (gap.row !== null || scanned >= frames) return gap
      await setTimeout(pollMs)
    }
    return { row: null, id: null }
  }

  /** Counts to the end of the file, and on while it grows. Viewers are served first. */
  async #count(): Promise<void> {
    try {
      while (!this.#closed) {
        const { frames, live } = this.#rows.state()
        const { scanned } = this.#counter
        if (scanned >= frames) {
          if (!live) return
          await setTimeout(pollMs, undefined, { ref: false })
          continue
        }
        while (!this.#gate.isIdle && !this.#closed) await setTimeout(5)
        if (this.#closed) return
        const rows = Math.min(this.#sights.frames, frames - scanned)
        const read = await this.#sights.read(scanned, rows, (window, view) => this.#samples[view]?.add(window))
        for (const { frameIndex, ids } of read) this.#counter.add(frameIndex, ids)
        await setImmediate()
      }
    } catch (error) {
      if (!this.#closed) this.#problem = error instanceof Error ? error.message : String(error)
    }
  }

  /** The usual distance between the times of the first frames. */
  async #fpsOfTimes(): Promise<number | null> {
    if (!this.description.hasTime) return null
    const { window } = await this.#views[0]!.read(0, 64)
    const steps = Array.from(window.time.subarray(1), (time, i) => time - window.time[i]!).filter((step) => step > 0)
    const usual = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)]
    return usual === undefined ? null : Math.round(1000 / usual) / 1000
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#scan
    await this.#rows.close()
  }
}

function tooLarge(name: string, bytes: number): H5TracksError {
  const message = `layout ${name}: a frame takes ${bytes} bytes in one view, more than the ${mostFrameBytes} that the page draws`
  return new H5TracksError(message, { code: 'ERR_TOO_LARGE', field: 'layout' })
}
