/** The coverage of each animal over time: a list of animals, and a bar for each. */
import type { Coverage } from '../wire/coverage.js'
import { colourOf } from './colours.js'
import { TimeRange } from './time-range.js'

/** Height of the row of an animal, CSS pixels: as in the style sheet. */
const rowHeight = 22
/** Half the thumb of the slider, so that the bars lie under it. */
const inset = 8

export interface TimelineParts {
  readonly rows: HTMLElement
  readonly animals: HTMLElement
  readonly bars: HTMLElement
  readonly canvas: HTMLCanvasElement
  /** A line at the frame that is shown. */
  readonly playhead: HTMLElement
}

export interface TimelineActions {
  nameOf(id: number): string
  onSeek(row: number): void
  onFollow(id: number): void
  /** Another part of the recording is shown. */
  onRange(): void
}

export class Timeline {
  readonly range = new TimeRange(() => {
    this.draw()
    this.#actions.onRange()
  })
  readonly #parts: TimelineParts
  readonly #actions: TimelineActions
  #coverage: Coverage | null = null
  #row = 0
  #width = 0
  #listed = ''
  #followed: number | null = null

  constructor(parts: TimelineParts, actions: TimelineActions) {
    this.#parts = parts
    this.#actions = actions
    const { canvas, rows, animals } = parts
    rows.addEventListener('scroll', () => this.draw())
    const seek = (event: PointerEvent) => actions.onSeek(this.#rowAt(event.offsetX))
    canvas.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault()
        const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)
        if (sideways) this.range.pan((event.deltaX + event.deltaY) / 1000)
        else this.range.zoom(2 ** (-event.deltaY / 200), this.#rowAt(event.offsetX))
      },
      { passive: false },
    )
    canvas.addEventListener('pointerdown', (event) => {
      canvas.setPointerCapture(event.pointerId)
      seek(event)
    })
    canvas.addEventListener('pointermove', (event) => {
      if (event.buttons === 1) seek(event)
    })
    animals.addEventListener('click', ({ target }) => {
      const button = (target as Element).closest('button')
      if (button) actions.onFollow(Number(button.dataset.id))
    })
    new ResizeObserver(() => this.draw()).observe(rows)
  }

  /** Shows another recording. */
  clear(): void {
    this.#coverage = null
    this.#listed = ''
    this.range.showAll()
    this.#parts.animals.replaceChildren()
  }

  show(coverage: Coverage, frames: number): void {
    this.#coverage = coverage
    this.range.frames = frames
    this.#list(coverage)
    this.draw()
  }

  set followed(id: number | null) {
    this.#followed = id
    for (const button of this.#parts.animals.querySelectorAll('button')) {
      button.ariaPressed = String(button.dataset.id === String(id))
    }
    if (id !== null) this.#parts.animals.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: 'nearest' })
    this.draw()
  }

  set row(row: number) {
    if (row !== this.#row) this.range.reveal(row)
    this.#row = row
    this.#movePlayhead()
  }

  #rowAt(x: number): number {
    const share = (x - inset) / Math.max(1, this.#parts.canvas.clientWidth - 2 * inset)
    const { start, length } = this.range
    return start + Math.round(Math.min(1, Math.max(0, share)) * (length - 1))
  }

  #movePlayhead(): void {
    const share = (this.#row - this.range.start) / Math.max(1, this.range.length - 1)
    this.#parts.playhead.hidden = share < 0 || share > 1
    const x = inset + (this.#width - 2 * inset) * share
    this.#parts.playhead.style.transform = `translateX(${x.toFixed(1)}px)`
  }

  set frames(frames: number) {
    this.range.frames = frames
    this.draw()
  }

  #list({ ids, seen, scanned }: Coverage): void {
    const { animals } = this.#parts
    if (ids.join() !== this.#listed) {
      this.#listed = ids.join()
      animals.replaceChildren(...ids.map((id) => this.#item(id)))
    }
    for (const [i, item] of [...animals.children].entries()) {
      const share = seen[i]! / Math.max(1, scanned)
      item.querySelector('small')!.textContent =
        share === 1 ? '100 %' : `${(Math.floor(1000 * share) / 10).toFixed(1)} %`
    }
  }

  #item(id: number): HTMLElement {
    const item = document.createElement('li')
    const button = document.createElement('button')
    button.type = 'button'
    button.dataset.id = String(id)
    button.ariaPressed = String(id === this.#followed)
    button.title = 'Follow'
    const swatch = document.createElement('i')
    swatch.style.background = colourOf(id)
    const name = document.createElement('b')
    name.textContent = this.#actions.nameOf(id)
    button.append(swatch, name, document.createElement('small'))
    item.append(button)
    return item
  }

  draw(): void {
    const { canvas, rows, bars } = this.#parts
    const width = bars.clientWidth
    this.#width = width
    const listHeight = Math.max(rowHeight, (this.#coverage?.ids.length ?? 0) * rowHeight)
    bars.style.height = `${listHeight}px`
    const height = Math.min(listHeight, rows.clientHeight || listHeight)
    const ratio = devicePixelRatio
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio)
      canvas.height = Math.round(height * ratio)
      canvas.style.width = `${width}px`
      canvas.style.height = `${height}px`
    }
    const context = canvas.getContext('2d')!
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    if (this.#coverage && this.range.length > 0) this.#bars(context, this.#coverage, width, height)
    this.#movePlayhead()
  }

  #bars(context: CanvasRenderingContext2D, coverage: Coverage, width: number, height: number): void {
    const { ids, bins, binFrames, shares, scanned } = coverage
    const top = this.#parts.rows.scrollTop
    const { start, stop } = this.range
    const scale = (width - 2 * inset) / (stop - start)
    const xOf = (row: number) => inset + (Math.min(stop, Math.max(start, row)) - start) * scale
    const [firstBin, lastBin] = [Math.floor(start / binFrames), Math.min(bins, Math.ceil(stop / binFrames))]
    const first = Math.floor(top / rowHeight)
    const last = Math.min(ids.length, Math.ceil((top + height) / rowHeight))
    for (let i = first; i < last; i++) {
      const y = i * rowHeight - top + 5
      const barHeight = rowHeight - 10
      context.globalAlpha = 1
      context.fillStyle = '#252e38'
      context.fillRect(inset, y, xOf(scanned) - inset, barHeight)
      context.fillStyle = colourOf(ids[i]!)
      // Neighbouring bins that are complete are one rectangle.
      for (let bin = firstBin; bin < lastBin; ) {
        const share = shares[i * bins + bin]!
        let end = bin + 1
        while (end < lastBin && shares[i * bins + end] === share) end++
        if (share > 0) {
          context.globalAlpha = share === 255 ? 1 : 0.25 + (0.5 * share) / 255
          const [from, to] = [xOf(bin * binFrames), xOf(Math.min(scanned, end * binFrames))]
          context.fillRect(from, y, Math.max(1, to - from), barHeight)
        }
        bin = end
      }
    }
    // Where frames are missing.
    context.globalAlpha = 1
    context.fillStyle = '#ff5d7d'
    for (let bin = firstBin; bin < lastBin; bin++) {
      if (shares[ids.length * bins + bin] === 1) context.fillRect(xOf(bin * binFrames), 0, 2, 4)
    }
  }
}
