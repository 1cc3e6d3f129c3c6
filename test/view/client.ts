/** Requests to the server of a page, without a browser. */
import { request } from 'node:http'
import { type Coverage, decodeCoverage } from '../../lib/view/wire/coverage.js'
import type { LayoutDescription } from '../../lib/view/wire/description.js'
import { openWindow, type ViewWindow } from '../../lib/view/wire/window.js'

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** Requests a path below the address of a page, with any headers: also those that `fetch` forbids. */
export function ask(url: string, path = '', headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

export async function json<T>(url: string, path: string): Promise<T> {
  return JSON.parse((await ask(url, path)).body.toString()) as T
}

export const layoutOf = (url: string, layout: string): Promise<LayoutDescription> =>
  json(url, `layout?layout=${layout}`)

const copied = (body: Buffer): ArrayBuffer => new Uint8Array(body).buffer

/** The window of a view that begins at a frame. */
export async function windowOf(
  url: string,
  layout: LayoutDescription,
  view: number,
  start: number,
): Promise<ViewWindow> {
  const { body } = await ask(url, `window?layout=${layout.name}&view=${view}&start=${start}`)
  const form = { slots: layout.slots, hasTime: layout.hasTime, view: layout.views[view]! }
  return openWindow(form, copied(body))
}

/** The coverage, once all frames are counted. */
export async function coverageOf(url: string, layout: LayoutDescription): Promise<Coverage> {
  await windowOf(url, layout, 0, 0)
  for (;;) {
    const coverage = decodeCoverage(copied((await ask(url, `coverage?layout=${layout.name}`)).body))
    if (coverage.scanned >= layout.frames) return coverage
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
