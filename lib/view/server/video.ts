/** Sends videos, in the parts that a browser asks for. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { H5TracksError, systemError } from '../../base/errors.js'
import { headers, sendText } from './requests.js'

const types: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/mp4',
  '.webm': 'video/webm',
  '.mkv': 'video/webm',
  '.ogv': 'video/ogg',
}

/** Checks that a video can be read. Rejects with the error of the system, or ERR_INVALID_ARGUMENT for a format that browsers do not play. */
export async function checkVideo(path: string): Promise<void> {
  if (!(extname(path).toLowerCase() in types)) {
    const message = `${path}: browsers play ${Object.keys(types).join(', ')}; convert the video, e.g. with ffmpeg -i FILE video.mp4`
    throw new H5TracksError(message, { code: 'ERR_INVALID_ARGUMENT', path, field: 'videos' })
  }
  const file = await open(path).catch((error) => {
    throw systemError(error)
  })
  try {
    if ((await file.stat()).isFile()) return
  } finally {
    await file.close()
  }
  throw new H5TracksError(`${path} is not a file`, { code: 'ERR_INVALID_ARGUMENT', path, field: 'videos' })
}

/** Answers with the whole video, or with the range that is asked for. */
export async function sendVideo(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const { size } = await stat(path)
  const range = rangeOf(request.headers.range, size)
  if (range === null) {
    response.setHeader('Content-Range', `bytes */${size}`)
    sendText(response, 416, `The video has ${size} bytes.`)
    return
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'Content-Type': types[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Accept-Ranges': 'bytes',
    'Content-Length': Math.max(0, end - start + 1),
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  })
  if (request.method === 'HEAD' || size === 0) response.end()
  // A browser leaves when it has enough.
  else await pipeline(createReadStream(path, { start, end }), response).catch(() => response.destroy())
}

/** The bytes of a header `Range`: undefined for all of them, null if there are no such bytes. Several ranges count as none. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return undefined
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1])
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(Number(match[2]), size - 1)
  return start > end || start >= size ? null : { start, end }
}
