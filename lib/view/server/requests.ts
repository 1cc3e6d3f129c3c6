/** Which requests are answered, and with which headers: the page of this server in a browser on this machine, and nothing else. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const hostNames = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** The page loads nothing but from its server, runs no code in attributes, and lies in no frame. */
const policy = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "media-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ')

export const headers = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
} as const

/** Why a request is refused: a status and a sentence. */
export interface Refusal {
  readonly status: number
  readonly problem: string
}

/**
 * Refuses requests that another site may have caused: by a name that leads here (DNS rebinding), or from its pages. A link to the page
 * may be followed from anywhere. The port is not compared, because it differs behind `ssh -L`.
 */
export function refusalOf({ method, headers: given }: IncomingMessage): Refusal | null {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': use } = given
  const name = /^(\[[\da-f:]+\]|[^:[\]]+)(:\d{1,5})?$/i.exec(host)?.[1]?.toLowerCase()
  if (name === undefined || !hostNames.has(name)) {
    return { status: 403, problem: 'This server answers to 127.0.0.1 and localhost only.' }
  }
  const isLink = mode === 'navigate' && use === 'document'
  const isForeign = (site === 'cross-site' || site === 'same-site') && !isLink
  if (isForeign || (origin !== undefined && origin !== `http://${host}`)) {
    return { status: 403, problem: 'This server answers to its own page only.' }
  }
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, problem: 'This server only answers GET and HEAD.' }
  return null
}

export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, 'text/plain; charset=utf-8', `${text}\n`)
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  send(response, status, 'application/json', JSON.stringify(value))
}

export function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': bytes.byteLength })
  response.end(response.req.method === 'HEAD' ? undefined : bytes)
}
