/** What the server answers to each path below its secret one. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Recording } from '../data/recording.js'
import { encodeCoverage } from '../wire/coverage.js'
import type { FileDescription } from '../wire/description.js'
import { sendEvents } from './events.js'
import type { PageFile } from './page-files.js'
import { refusalOf, send, sendJson, sendText } from './requests.js'
import { sendVideo } from './video.js'

/** What is served. */
export interface Site {
  /** Each path begins with it. Nobody can guess it. */
  readonly base: string
  readonly pages: ReadonlyMap<string, PageFile>
  readonly file: FileDescription
  readonly videos: readonly string[]
  /** Opens a layout, or finds it open. */
  recording(layout: string): Promise<Recording>
}

/** Answers a request. */
export async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refusal = refusalOf(request)
  if (refusal) return sendText(response, refusal.status, refusal.problem)
  // Joined as texts: as a URL, `//name` would be a host.
  const [, path = '', query = ''] = /^([^?#]*)\??([^#]*)/.exec(request.url ?? '') ?? []
  if (!path.startsWith(site.base)) {
    return sendText(response, 404, 'Not found. Open the whole address that h5tracks printed.')
  }
  try {
    await route(site, path.slice(site.base.length), new URLSearchParams(query), request, response)
  } catch (error) {
    const { code = 'ERR_INTERNAL', message } = error as NodeJS.ErrnoException
    if (response.headersSent) response.destroy()
    else sendJson(response, { code, message }, error instanceof BadRequest ? 400 : 500)
  }
}

class BadRequest extends Error {}

async function route(
  site: Site,
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const page = site.pages.get(path)
  if (page) return send(response, 200, page.type, page.bytes)
  if (path === 'file') return sendJson(response, site.file)
  const video = /^video\/(\d{1,4})$/.exec(path)?.[1]
  const videoPath = video === undefined ? undefined : site.videos[Number(video)]
  if (videoPath !== undefined) return sendVideo(request, response, videoPath)
  if (!['layout', 'window', 'bounds', 'coverage', 'gap', 'events'].includes(path)) {
    return sendText(response, 404, 'Not found.')
  }
  const layout = query.get('layout') ?? site.file.first
  if (!site.file.layouts.includes(layout)) throw new BadRequest('the file has no such layout')
  const recording = await site.recording(layout)
  const isWanted = () => !response.destroyed
  if (path === 'layout') return sendJson(response, await recording.describe())
  if (path === 'events') return sendEvents(response, () => recording.state())
  if (path === 'coverage') return send(response, 200, 'application/octet-stream', encodeCoverage(recording.coverage))
  if (path === 'gap') return sendJson(response, await recording.gap(gapIn(query), isWanted))
  const view = integer(query, 'view', 0, recording.description.views.length - 1)
  if (path === 'bounds') return sendJson(response, await recording.bounds(view))
  const bytes = await recording.window(view, integer(query, 'start', 0, Number.MAX_SAFE_INTEGER), isWanted)
  if (bytes) send(response, 200, 'application/octet-stream', new Uint8Array(bytes))
}

function gapIn(query: URLSearchParams) {
  return {
    from: integer(query, 'from', 0, Number.MAX_SAFE_INTEGER),
    id: query.has('id') ? integer(query, 'id', 0, 2 ** 31 - 1) : null,
    direction: query.get('direction') === '-1' ? -1 : 1,
  } as const
}

function integer(query: URLSearchParams, name: string, least: number, most: number): number {
  const value = Number(query.get(name))
  if (query.has(name) && Number.isInteger(value) && value >= least && value <= most) return value
  throw new BadRequest(`${name} must be an integer from ${least} to ${most}`)
}
