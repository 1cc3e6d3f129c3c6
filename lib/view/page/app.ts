/** The page: what it shows of a recording, and what happens at each picture. */
import type { FileState, LayoutDescription, ViewDescription } from '../wire/description.js'
import { boundsOf, coverageOf, gapOf, watch } from './api.js'
import type { Shown } from './picture.js'
import { Player, type Reel } from './player.js'
import type { Stage } from './stage.js'
import type { TimeRange } from './time-range.js'
import type { Timeline } from './timeline.js'
import type { VideoLayer } from './video-layer.js'
import { type Held, WindowCache } from './window-cache.js'

/** Frames per second of a file that does not say. */
export const assumedFps = 30
/** Length of a trail, s. */
const trailSeconds = 2
const mostTrail = 240
/** At most so often the coverage and the ranges are fetched while they change, ms. */
const refreshMs = 400
const retryMs = 1000

/** What is shown outside of the picture. */
export interface Surface {
  /** A picture was drawn, or something else changed. */
  update(app: App): void
  problem(text: string | null): void
}

export class App implements Reel {
  readonly player: Player
  readonly shown: Shown = { trails: true, names: true, lines: true, boxes: true, confidence: true }
  layout!: LayoutDescription
  viewIndex = 0
  followed: number | null = null
  /** The frame that is in the picture. */
  drawn: { row: number; held: Held } | null = null
  /** Number of different frames that were drawn. */
  pictures = 0
  /** The animals, once they are counted. */
  ids: readonly number[] = []
  /** What the timeline cannot show: animals that are too many, and frames that the file does not have. */
  left = { unlisted: 0, missing: 0 }
  readonly #stage: Stage
  readonly #timeline: Timeline
  readonly #video: VideoLayer
  readonly #surface: Surface
  #windows!: WindowCache
  #stopWatching = () => {}
  #isDirty = false
  #before = 0
  #refreshed = 0
  #isRefreshing = false
  #isFinal = false
  #isChosen = false
  /** The row that was wanted when the last window was asked for that has come. */
  #arrived: number | null = null
  #failed = Number.NEGATIVE_INFINITY

  constructor(stage: Stage, timeline: Timeline, video: VideoLayer, surface: Surface) {
    this.#stage = stage
    this.#timeline = timeline
    this.#video = video
    this.#surface = surface
    this.player = new Player(() => this.change())
  }

  get frames(): number {
    return this.layout.frames
  }

  get fps(): number {
    return this.layout.fps ?? assumedFps
  }

  /** The part of the recording that the timeline shows. */
  get range(): TimeRange {
    return this.#timeline.range
  }

  get view(): ViewDescription {
    return this.layout.views[this.viewIndex]!
  }

  isHere(row: number): boolean {
    if (this.#windows.at(row)) return true
    this.#load(row)
    return false
  }

  /** Shows a layout of the file. */
  open(layout: LayoutDescription, viewTitle: string | null, row: number): void {
    this.#stopWatching()
    this.layout = layout
    this.followed = null
    this.ids = []
    this.left = { unlisted: 0, missing: 0 }
    this.#isFinal = false
    this.#timeline.clear()
    this.#timeline.frames = layout.frames
    const index = this.layout.views.findIndex(({ title }) => title === viewTitle)
    this.player.stop()
    // The newest frame of a file that is being written, unless the address names one.
    this.player.atEnd = this.layout.live && row === 0
    this.player.row = Math.max(0, this.player.atEnd ? this.frames - 1 : Math.min(row, this.frames - 1))
    this.#isChosen = index !== -1
    this.#show(Math.max(0, index))
    this.#stopWatching = watch(layout.name, (state) => this.#changed(state))
  }

  /** Shows a view that the user chose. */
  showView(index: number): void {
    this.#isChosen = true
    this.#show(index)
  }

  #show(index: number): void {
    this.viewIndex = index
    this.drawn = null
    this.#arrived = null
    this.#video.show(this.view.video, this.fps)
    this.#windows = new WindowCache(this.layout, index)
    this.#stage.show(this.view)
    this.#load(this.player.row)
    void this.#fit()
    this.change()
  }

  async #fit(): Promise<void> {
    const { name } = this.layout
    const index = this.viewIndex
    const bounds = await boundsOf(name, index).catch(() => null)
    if (this.layout.name !== name || this.viewIndex !== index) return
    // A file may have places for positions, and none in them: then the next view may show something.
    const isEmpty = bounds === null && this.frames > 0 && !this.layout.live
    if (isEmpty && !this.#isChosen && index + 1 < this.layout.views.length) this.#show(index + 1)
    else this.#stage.fit(bounds)
  }

  #load(row: number): void {
    // While the user scrubs, the frames on the way there are not all fetched.
    if (this.#windows.loads >= 3 || this.#windows.isLoading(row)) return
    // A server that fails is not asked again at every picture.
    if (performance.now() - this.#failed < retryMs) return
    const windows = this.#windows
    const isWanted = row === this.player.row
    windows.load(row).then(
      () => {
        if (windows !== this.#windows) return
        if (isWanted) this.#arrived = row
        this.change()
      },
      (error: Error) => {
        this.#failed = performance.now()
        this.player.stop()
        this.#surface.problem(error.message)
      },
    )
  }

  #changed(state: FileState): void {
    const grew = state.frames !== this.frames
    const ended = this.layout.live && !state.live
    this.layout = { ...this.layout, ...state }
    this.#surface.problem(state.problem)
    this.#timeline.frames = state.frames
    if (grew || ended) this.player.grew(this)
    void this.#refresh()
    this.change()
  }

  /** Fetches the coverage again, and the ranges, if they may have changed: at once, or a little later. */
  async #refresh(): Promise<void> {
    if (this.#isRefreshing || this.#isFinal) return
    this.#isRefreshing = true
    const early = refreshMs - (performance.now() - this.#refreshed)
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const { name } = this.layout
    let scanned = Number.POSITIVE_INFINITY
    try {
      const coverage = await coverageOf(name)
      if (name !== this.layout.name) return
      scanned = coverage.scanned
      this.ids = coverage.ids
      this.left = { unlisted: coverage.unlisted, missing: coverage.missing }
      this.#timeline.show(coverage, this.frames)
      this.#isFinal = !this.layout.live && coverage.scanned >= this.frames
      if (this.layout.live || this.#isFinal) await this.#fit()
      this.#surface.update(this)
    } catch (error) {
      this.#surface.problem((error as Error).message)
    } finally {
      this.#refreshed = performance.now()
      this.#isRefreshing = false
    }
    // It may have changed meanwhile.
    if (name !== this.layout.name || scanned < this.layout.scanned) void this.#refresh()
  }

  nameOf(id: number): string {
    return this.layout.names[id] ?? `${this.layout.noun} ${id}`
  }

  follow(id: number | null): void {
    this.followed = this.followed === id ? null : id
    this.#timeline.followed = this.followed
    this.change()
  }

  /** Shows the next or previous gap of the followed animal, or of any. Returns false if there is none. */
  async gap(direction: 1 | -1): Promise<boolean> {
    const { row, id } = await gapOf(this.layout.name, this.player.row, this.followed, direction)
    if (row === null) return false
    this.player.seek(row, this)
    this.#surface.problem(null)
    return id !== null
  }

  /** Asks for a picture. */
  change(): void {
    if (this.#isDirty) return
    this.#isDirty = true
    requestAnimationFrame((now) => this.#picture(now))
  }

  #picture(now: number): void {
    this.#isDirty = false
    const { player } = this
    const seconds = (now - this.#before) / 1000
    this.#before = now
    if (!this.layout) return
    if (!this.#video.isPlaying) player.advance(seconds, this)
    this.#fetch()
    // While the user scrubs, the frames that have come are shown until the one that is wanted is here.
    const row = this.#windows.at(player.row) ? player.row : this.#arrived
    const held = row === null || !this.#stage.isFramed ? null : this.#windows.at(row)
    if (held && row !== null) {
      if (this.drawn?.row !== row || this.drawn.held !== held) this.pictures++
      this.drawn = { row, held }
    }
    this.#playVideo()
    this.#draw()
    this.#timeline.row = player.row
    this.#surface.update(this)
    if (player.isPlaying || this.#stage.eye?.turning) this.change()
  }

  #draw(): void {
    const { drawn } = this
    const scene = drawn && {
      ...{ view: this.view, slots: this.layout.slots, bounds: this.#stage.bounds, held: drawn.held },
      ...{ row: drawn.row - drawn.held.window.start, followed: this.followed, shown: this.shown },
      nameOf: (id: number) => this.nameOf(id),
    }
    this.#stage.draw(scene, this.#windows, this.trailFrames)
  }

  /** Fetches what is shown and what will be. */
  #fetch(): void {
    const { row, isPlaying, speed } = this.player
    if (this.frames === 0) return
    if (!this.#windows.at(row)) {
      this.#load(row)
      return
    }
    const { frames: step } = this.#windows
    if (isPlaying) {
      // What is shown within the next second.
      const ahead = Math.min(this.frames - 1, row + Math.max(step, Math.ceil(this.fps * speed)))
      for (let next = row + step; next < ahead + step; next += step) this.#loadMissing(Math.min(next, ahead))
    } else if (this.shown.trails && this.#windows.loads === 0) {
      const first = Math.max(0, row - this.trailFrames)
      for (let past = row - step; past > first - step; past -= step) this.#loadMissing(Math.max(past, first))
    }
  }

  #loadMissing(row: number): void {
    if (!this.#windows.at(row)) this.#load(row)
  }

  /** Length of a trail. */
  get trailFrames(): number {
    return Math.max(2, Math.min(mostTrail, Math.round(trailSeconds * this.fps)))
  }

  /** Lets the video play, or shows its frame. */
  #playVideo(): void {
    const { player, drawn } = this
    if (this.view.video === null || !drawn) return
    const { window } = drawn.held
    const frame = window.frameIndex[drawn.row - window.start]!
    if (player.isPlaying && this.#video.canPlay(player.speed)) {
      this.#video.play(frame, player.speed, (shown) => player.showVideoRow(this.#rowOf(shown), this))
    } else {
      if (this.#video.isPlaying) this.#video.pause()
      this.#video.seek(frame)
    }
  }

  /** The row of a frame near the one that is shown. */
  #rowOf(frame: number): number {
    let { row } = this.player
    const indexAt = (at: number) => {
      const held = this.#windows.at(at)
      return held ? held.window.frameIndex[at - held.window.start]! : null
    }
    for (let next = indexAt(row + 1); next !== null && next <= frame; next = indexAt(row + 1)) row++
    for (let own = indexAt(row); own !== null && own > frame && row > 0; own = indexAt(row)) row--
    if (indexAt(row + 1) === null) this.#load(row + 1)
    return row
  }
}
