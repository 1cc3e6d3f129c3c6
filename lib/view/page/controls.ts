/** Connects the elements of the page with the app. */
import type { FileDescription } from '../wire/description.js'
import { layoutOf } from './api.js'
import { type App, assumedFps, type Surface } from './app.js'
import { type KeyActions, listenToKeys, listKeys } from './keys.js'
import type { Stage } from './stage.js'

/** Outlines of the button's two icons. */
const playIcon = 'M3 1.5v11l9-5.5z'
const pauseIcon = 'M3 2h3v10H3zM8 2h3v10H8z'

const speeds = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32, 64]

export const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no element ${id}`)
  return found as T
}

type What = keyof App['shown']
const toggles: readonly (readonly [What | 'turn', string, string])[] = [
  ['trails', 'Trails', 't'],
  ['names', 'Names', 'n'],
  ['lines', 'Skeleton', 'k'],
  ['boxes', 'Boxes', 'b'],
  ['confidence', 'Confidence', 'c'],
  ['turn', 'Turn', 'o'],
]

/** The elements that show the state of the app. */
export class Controls implements Surface {
  readonly #play = element<HTMLButtonElement>('play')
  readonly #scrubber = element<HTMLInputElement>('scrubber')
  readonly #frame = element<HTMLInputElement>('frame')
  readonly #clock = element('clock')
  readonly #follow = element<HTMLSelectElement>('follow')
  readonly #speed = element<HTMLSelectElement>('speed')
  readonly #canvas = element('picture')
  #listed = ''
  #views = ''

  update(app: App): void {
    const { player, layout, drawn } = app
    document.body.dataset.row = String(drawn?.row ?? '')
    document.body.dataset.pictures = String(app.pictures)
    document.body.dataset.scanned = String(layout.scanned)
    element('live').hidden = !layout.live
    const label = player.isPlaying ? 'Pause' : 'Play'
    if (this.#play.ariaLabel !== label) {
      this.#play.ariaLabel = label
      this.#play.querySelector('path')?.setAttribute('d', player.isPlaying ? pauseIcon : playIcon)
      this.#play.title = `${label} (space)`
    }
    this.#scrubber.min = String(app.range.start)
    this.#scrubber.max = String(Math.max(0, app.range.stop - 1))
    this.#scrubber.value = String(player.row)
    this.#speed.value = String(player.speed)
    this.#time(app)
    this.#viewButtons(app)
    this.#range(app)
    for (const button of element('shown').querySelectorAll('button')) {
      button.hidden = !isUseful(button.dataset.toggle as What | 'turn', app)
    }
    this.#animals(app)
    this.#note(app)
  }

  #time({ drawn, layout, frames, fps, player }: App): void {
    const index = drawn?.held.window.frameIndex[drawn.row - drawn.held.window.start]
    if (document.activeElement !== this.#frame) this.#frame.value = String(index ?? player.row)
    const time = drawn?.held.window.time[drawn.row - drawn.held.window.start]
    const seconds = time === undefined || Number.isNaN(time) ? (index ?? 0) / fps : time
    const rate = layout.fps === null ? `${assumedFps} fps assumed` : `${Number(layout.fps.toFixed(3))} fps`
    this.#clock.textContent = `${clock(seconds)}  ·  ${(drawn?.row ?? 0) + 1} of ${frames.toLocaleString('en-US')}  ·  ${rate}`
    this.#scrubber.setAttribute('aria-valuetext', `${clock(seconds)}, frame ${index ?? player.row}`)
  }

  /** The rows and times that the timeline shows, if not all. */
  #range({ range: { start, stop, isWhole }, fps }: App): void {
    const button = element('range')
    button.hidden = isWhole
    const rows = [start + 1, stop].map((row) => row.toLocaleString('en-US')).join(' to ')
    const times = [start, stop - 1].map((row) => clock(row / fps)).join(' to ')
    const text = `${rows}  ·  ${times}`
    if (!isWhole && button.textContent !== text) button.textContent = text
  }

  #viewButtons(app: App): void {
    const titles = app.layout.views.map(({ title }) => title)
    const state = JSON.stringify([titles, app.viewIndex])
    if (state === this.#views) return
    this.#views = state
    const buttons = titles.map((title, i) => {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = title
      button.ariaPressed = String(i === app.viewIndex)
      button.addEventListener('click', () => app.showView(i))
      return button
    })
    element('views').replaceChildren(...buttons)
  }

  #animals(app: App): void {
    const list = app.ids.slice(0, 1000)
    if (app.followed !== null && !list.includes(app.followed)) list.push(app.followed)
    if (list.join() !== this.#listed || this.#follow.options.length === 0) {
      this.#listed = list.join()
      const none = new Option('nobody', '')
      this.#follow.replaceChildren(none, ...list.map((id) => new Option(app.nameOf(id), String(id))))
    }
    this.#follow.value = app.followed === null ? '' : String(app.followed)
  }

  #note({ view, drawn, layout, player, ids, left: { unlisted, missing } }: App): void {
    const isLate = drawn !== null && drawn.row !== player.row
    const text =
      view.parts.length === 0
        ? 'This layout has no positions or boxes to draw; the timeline shows which animals have records.'
        : layout.frames === 0
          ? 'No frames yet.'
          : isLate
            ? 'Loading …'
            : ''
    const note = element('note')
    if (note.textContent !== text) note.textContent = text
    if (!player.isPlaying) {
      const at = drawn ? drawn.row : 0
      this.#canvas.ariaLabel = `${view.title}, frame ${at + 1} of ${layout.frames}`
    }
    const noun = layout.noun === 'fish' || ids.length === 1 ? layout.noun : `${layout.noun}s`
    const percent = layout.frames > 0 ? Math.floor((100 * layout.scanned) / layout.frames) : 100
    const parts = [
      `${ids.length} ${noun}${unlisted > 0 ? ` of ${ids.length + unlisted}` : ''}`,
      missing > 0 && `${missing.toLocaleString('en-US')} frames missing`,
      percent < 100 && `${percent} % counted`,
    ]
    element('summary').textContent = parts.filter(Boolean).join(', ')
  }

  problem(text: string | null): void {
    const place = element('problem')
    place.hidden = text === null
    place.textContent = text
  }
}

/** 3661.5 -> '1:01:01.500' */
function clock(seconds: number): string {
  const ms = Math.round(1000 * seconds)
  const parts = [Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60].map((part) => String(part).padStart(2, '0'))
  return `${Math.floor(ms / 3_600_000)}:${parts.join(':')}.${String(ms % 1000).padStart(3, '0')}`
}

/** Makes the elements do what they say. */
export function connect(app: App, stage: Stage, file: FileDescription): void {
  const actions = actionsOf(app, stage)
  const on = (id: string, type: string, run: (event: Event) => void) => element(id).addEventListener(type, run)
  element('name').textContent = file.name
  document.title = `${file.name} - h5tracks view`
  on('play', 'click', actions.play)
  on('back', 'click', () => actions.step(-1))
  on('forth', 'click', () => actions.step(1))
  on('gap', 'click', () => actions.gap(1))
  on('range', 'click', actions.wholeTime)
  on('help-button', 'click', actions.help)
  const scrubber = element<HTMLInputElement>('scrubber')
  on('scrubber', 'input', () => app.player.seek(Number(scrubber.value), app))
  const speed = element<HTMLSelectElement>('speed')
  speed.replaceChildren(...speeds.map((value) => new Option(`${value}×`, String(value))))
  on('speed', 'change', () => {
    app.player.speed = Number(speed.value)
  })
  const follow = element<HTMLSelectElement>('follow')
  on('follow', 'change', () => app.follow(follow.value === '' ? null : Number(follow.value)))
  const frame = element<HTMLInputElement>('frame')
  on('frame', 'change', () => {
    seekFrame(app, Number(frame.value))
    frame.blur()
  })
  const layouts = element<HTMLSelectElement>('layout')
  element('layout-choice').hidden = file.layouts.length < 2
  layouts.replaceChildren(...file.layouts.map((name) => new Option(name, name)))
  layouts.value = app.layout.name
  on('layout', 'change', () => {
    layoutOf(layouts.value).then(
      (layout) => app.open(layout, null, 0),
      (error: Error) => announce(error.message),
    )
  })
  element('shown').replaceChildren(...toggles.map((toggle) => toggleButton(toggle, actions)))
  const canvas = element<HTMLCanvasElement>('picture')
  let pressed = { x: 0, y: 0 }
  canvas.addEventListener('pointerdown', ({ offsetX: x, offsetY: y }) => {
    pressed = { x, y }
  })
  canvas.addEventListener('click', ({ offsetX: x, offsetY: y }) => {
    const id = Math.hypot(x - pressed.x, y - pressed.y) < 4 ? stage.animalAt(x, y) : null
    if (id !== null) app.follow(id)
  })
  listKeys(element('keys'))
  listenToKeys(actions)
  showToggles(app, stage)
}

/** Shows the frame with this number, if frames are numbered without gaps from the one that is shown; else the row. */
function seekFrame(app: App, frame: number): void {
  if (!Number.isFinite(frame)) return
  const { drawn } = app
  const index = drawn?.held.window.frameIndex[drawn.row - drawn.held.window.start]
  app.player.seek(drawn && index !== undefined ? drawn.row + frame - index : frame, app)
}

/** True if a view has what a button shows and hides. */
function isUseful(what: What | 'turn', { view: { parts, dimensions } }: App): boolean {
  if (what === 'lines') return parts.some(({ edges }) => edges.length > 0)
  if (what === 'boxes') return parts.some(({ kind }) => kind === 'box')
  return what === 'turn' ? dimensions === 3 : parts.length > 0
}

function toggleButton([what, name, key]: (typeof toggles)[number], actions: KeyActions): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = name
  button.title = `${name} (${key})`
  button.dataset.toggle = what
  button.addEventListener('click', () => actions.toggle(what))
  return button
}

function showToggles(app: App, stage: Stage): void {
  for (const button of element('shown').querySelectorAll('button')) {
    const what = button.dataset.toggle as What | 'turn'
    button.ariaPressed = String(what === 'turn' ? stage.eye?.turning === true : app.shown[what])
  }
}

function actionsOf(app: App, stage: Stage): KeyActions {
  const { player } = app
  return {
    play: () => player.toggle(app),
    step(by) {
      player.stop()
      const rows = Number.isFinite(by) ? by : Math.sign(by) * Math.round(app.fps)
      player.seek(player.row + rows, app)
    },
    jump: (to) => player.seek(to === 'start' ? 0 : app.frames - 1, app),
    gap(direction) {
      player.stop()
      const none = `No ${direction === 1 ? 'later' : 'earlier'} gap${app.followed === null ? '' : ` of ${app.nameOf(app.followed)}`}.`
      app.gap(direction).then(
        (found) => !found && announce(none),
        (error: Error) => announce(error.message),
      )
    },
    speed(by) {
      const next = speeds[speeds.indexOf(player.speed) + by]
      if (next !== undefined) player.speed = next
      app.change()
    },
    view: (by) => {
      const { length } = app.layout.views
      app.showView((app.viewIndex + by + length) % length)
    },
    follow(by) {
      if (app.ids.length === 0) return
      const at = app.followed === null ? (by === 1 ? -1 : 0) : app.ids.indexOf(app.followed)
      app.follow(app.ids[(at + by + app.ids.length) % app.ids.length]!)
    },
    unfollow: () => app.followed !== null && app.follow(app.followed),
    toggle(what) {
      if (what === 'turn') {
        if (stage.eye) stage.eye.turning = !stage.eye.turning
      } else app.shown[what] = !app.shown[what]
      showToggles(app, stage)
      app.change()
    },
    zoom: (factor) => stage.eye?.zoom(factor),
    zoomTime: (factor) => app.range.zoom(factor, player.row),
    panTime: (share) => app.range.pan(share),
    wholeTime: () => app.range.showAll(),
    reset: () => stage.eye?.reset(),
    help: () => element<HTMLDialogElement>('help').showModal(),
  }
}

/** Shows a sentence for a while. */
function announce(text: string): void {
  const place = element('problem')
  place.textContent = text
  place.hidden = false
  setTimeout(() => {
    if (place.textContent === text) place.hidden = true
  }, 2500)
}
