/** Tells a page how far a file has got, as server-sent events. */
import type { ServerResponse } from 'node:http'
import type { FileState } from '../wire/description.js'
import { headers } from './requests.js'

const intervalMs = 100
/** A comment now and then shows a dead connection, which is then closed. */
const heartbeatMs = 15_000

/** Sends an event `state` at each change, and `end` when there will be no more. */
export function sendEvents(response: ServerResponse, stateOf: () => FileState): void {
  response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
  let sent = ''
  let at = performance.now()
  const look = () => {
    const state = stateOf()
    const text = JSON.stringify(state)
    if (text !== sent && !response.writableNeedDrain) {
      response.write(`event: state\ndata: ${text}\n\n`)
      sent = text
      at = performance.now()
    } else if (performance.now() - at > heartbeatMs) {
      response.write(':\n\n')
      at = performance.now()
    }
    const isOver = !state.live && (state.scanned >= state.frames || state.problem !== null)
    if (isOver && text === sent) response.end('event: end\ndata:\n\n')
  }
  const timer = setInterval(look, intervalMs)
  response.on('close', () => clearInterval(timer))
  look()
}
