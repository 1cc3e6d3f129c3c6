/** Asks the server. Paths are relative to the page, whose address holds the secret path. */
import { type Coverage, decodeCoverage } from '../wire/coverage.js'
import type { Bounds, FileDescription, FileState, Gap, LayoutDescription } from '../wire/description.js'
import { openWindow, type ViewWindow, type WindowForm } from '../wire/window.js'

type Query = Readonly<Record<string, string | number>>

async function get(path: string, query: Query = {}, signal?: AbortSignal): Promise<Response> {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  const response = await fetch(`${path}?${search}`, signal ? { signal } : {}).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Error('The server does not answer: h5tracks view has ended.')
  })
  if (response.ok) return response
  const body = await response.text()
  let message = body
  try {
    message = JSON.parse(body).message ?? body
  } catch {
    // A text says it itself.
  }
  throw new Error(message)
}

export const fileOf = async (): Promise<FileDescription> => (await get('file')).json()

/** A layout; the first one without a name. */
export const layoutOf = async (layout: string | null): Promise<LayoutDescription> =>
  (await get('layout', layout === null ? {} : { layout })).json()

export const boundsOf = async (layout: string, view: number): Promise<Bounds | null> =>
  (await get('bounds', { layout, view })).json()

export const coverageOf = async (layout: string): Promise<Coverage> =>
  decodeCoverage(await (await get('coverage', { layout })).arrayBuffer())

export const gapOf = async (layout: string, from: number, id: number | null, direction: 1 | -1): Promise<Gap> =>
  (await get('gap', { layout, from, direction, ...(id !== null && { id }) })).json()

export async function windowOf(layout: string, view: number, start: number, form: WindowForm): Promise<ViewWindow> {
  return openWindow(form, await (await get('window', { layout, view, start })).arrayBuffer())
}

/** Calls `onState` at each change of the file, while the page is visible. Returns a function that ends it. */
export function watch(layout: string, onState: (state: FileState) => void): () => void {
  let source: EventSource | null = null
  let isOver = false
  const open = () => {
    if (isOver || source || document.hidden) return
    source = new EventSource(`events?${new URLSearchParams({ layout })}`)
    source.addEventListener('state', ({ data }) => onState(JSON.parse(data)))
    source.addEventListener('end', () => {
      isOver = true
      close()
    })
  }
  const close = () => {
    source?.close()
    source = null
  }
  // A browser has few connections to a server: pages that nobody sees leave theirs to others.
  const toggle = () => (document.hidden ? close() : open())
  document.addEventListener('visibilitychange', toggle)
  open()
  return () => {
    isOver = true
    document.removeEventListener('visibilitychange', toggle)
    close()
  }
}
