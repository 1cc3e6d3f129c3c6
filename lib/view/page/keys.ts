/** What the keys do, and the list of them. */
export interface KeyActions {
  play(): void
  step(by: number): void
  jump(share: 'start' | 'end'): void
  gap(direction: 1 | -1): void
  speed(by: 1 | -1): void
  view(by: number): void
  follow(by: 1 | -1): void
  unfollow(): void
  toggle(what: 'trails' | 'names' | 'lines' | 'boxes' | 'confidence' | 'turn'): void
  zoom(factor: number): void
  zoomTime(factor: number): void
  panTime(share: number): void
  wholeTime(): void
  reset(): void
  help(): void
}

interface Key {
  /** Keys as `KeyboardEvent.key` names them; `Shift+` before a key that is not a letter. */
  readonly keys: readonly string[]
  readonly shown: readonly string[]
  readonly does: string
  readonly run: (actions: KeyActions, key: string) => void
}

const keys: readonly Key[] = [
  { keys: [' '], shown: ['space'], does: 'play or pause', run: (a) => a.play() },
  {
    keys: ['ArrowLeft', 'ArrowRight'],
    shown: ['←', '→'],
    does: 'one frame back or on',
    run: (a, key) => a.step(key === 'ArrowLeft' ? -1 : 1),
  },
  {
    keys: ['Shift+ArrowLeft', 'Shift+ArrowRight'],
    shown: ['shift ←', 'shift →'],
    does: 'one second back or on',
    run: (a, key) => a.step(key === 'Shift+ArrowLeft' ? -Infinity : Infinity),
  },
  {
    keys: ['Home', 'End'],
    shown: ['home', 'end'],
    does: 'first or last frame; at the last frame, follow a file that is being written',
    run: (a, key) => a.jump(key === 'Home' ? 'start' : 'end'),
  },
  {
    keys: ['g', 'G'],
    shown: ['g', 'G'],
    does: 'next or previous gap, of the followed animal or of any',
    run: (a, key) => a.gap(key === 'g' ? 1 : -1),
  },
  { keys: ['[', ']'], shown: ['[', ']'], does: 'slower or faster', run: (a, key) => a.speed(key === '[' ? -1 : 1) },
  {
    keys: ['f', 'F'],
    shown: ['f', 'F'],
    does: 'follow the next or previous animal',
    run: (a, key) => a.follow(key === 'f' ? 1 : -1),
  },
  { keys: ['Escape'], shown: ['esc'], does: 'follow no animal', run: (a) => a.unfollow() },
  { keys: ['v', 'V'], shown: ['v', 'V'], does: 'next or previous view', run: (a, key) => a.view(key === 'v' ? 1 : -1) },
  { keys: ['t'], shown: ['t'], does: 'trails', run: (a) => a.toggle('trails') },
  { keys: ['n'], shown: ['n'], does: 'names', run: (a) => a.toggle('names') },
  { keys: ['k'], shown: ['k'], does: 'lines of the skeleton', run: (a) => a.toggle('lines') },
  { keys: ['b'], shown: ['b'], does: 'boxes', run: (a) => a.toggle('boxes') },
  { keys: ['c'], shown: ['c'], does: 'confidence as opacity', run: (a) => a.toggle('confidence') },
  { keys: ['o'], shown: ['o'], does: 'turn the picture in 3D', run: (a) => a.toggle('turn') },
  {
    keys: ['+', '=', '-'],
    shown: ['+', '-'],
    does: 'zoom',
    run: (a, key) => a.zoom(key === '-' ? 1 / 1.25 : 1.25),
  },
  {
    keys: ['z', 'Z'],
    shown: ['z', 'Z'],
    does: 'more or less of the time around this frame in the timeline',
    run: (a, key) => a.zoomTime(key === 'z' ? 2 : 1 / 2),
  },
  {
    keys: [',', '.'],
    shown: [',', '.'],
    does: 'earlier or later in the timeline',
    run: (a, key) => a.panTime(key === ',' ? -0.25 : 0.25),
  },
  { keys: ['0'], shown: ['0'], does: 'the whole timeline', run: (a) => a.wholeTime() },
  { keys: ['r'], shown: ['r'], does: 'show everything', run: (a) => a.reset() },
  { keys: ['?', 'h'], shown: ['?'], does: 'this list', run: (a) => a.help() },
]

const byName = new Map(keys.flatMap((key) => key.keys.map((name) => [name, key] as const)))

/** Listens to the keys, except where the user writes or chooses. */
export function listenToKeys(actions: KeyActions): void {
  addEventListener('keydown', (event) => {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event
    if (ctrlKey || metaKey || altKey || document.querySelector('dialog[open]')) return
    if (target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && target.type === 'text')) return
    // Space presses the button that has the focus.
    if (key === ' ' && target instanceof HTMLButtonElement) return
    const name = shiftKey && key.length > 1 ? `Shift+${key}` : key
    const found = byName.get(name)
    if (!found) return
    event.preventDefault()
    found.run(actions, name)
  })
}

/** Fills the list of the keys. */
export function listKeys(list: HTMLElement): void {
  for (const { shown, does } of keys) {
    const term = document.createElement('dt')
    for (const name of shown) {
      const key = document.createElement('kbd')
      key.textContent = name
      term.append(key, ' ')
    }
    const text = document.createElement('dd')
    text.textContent = does
    list.append(term, text)
  }
}
