/** `view`: a page that shows a recording. */
import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { H5TracksError, systemError } from '../base/errors.js'
import { toPath } from '../base/path.js'
import { Recording } from './data/recording.js'
import { openRows } from './data/source.js'
import { type CheckedOptions, checkViewOptions, type ViewOptions } from './options.js'
import { pageFiles } from './server/page-files.js'
import { answer } from './server/routes.js'
import { checkVideo } from './server/video.js'

/** A page that is being served. */
export interface View extends AsyncDisposable {
  /** The address of the page, with a secret path that other users of the machine do not know. */
  readonly url: string
  /** Ends the connections of all viewers and closes the file. A second call does nothing. */
  close(): Promise<void>
}

/**
 * Serves a page that shows a recording: a timeline with the coverage of every animal, and the animals in space or in the images of the
 * cameras. The file may be finished, or may be being written with a journal; then the page follows it. Only this machine reaches the
 * page, by its whole address. Memory does not grow with the file.
 *
 * Rejects with the errors of `FrameReader.open`: ENOENT for no such file, ERR_NOT_HDF5, ERR_FORMAT for a file without frames. Also with
 * EADDRINUSE if the port is taken, and ERR_INVALID_ARGUMENT for a video of a camera that the file does not have.
 *
 * ```ts
 * await using page = await view('run.h5', { videos: { top: 'top.mp4' } })
 * console.log(page.url)
 * ```
 */
export async function view(path: string | URL, options: ViewOptions = {}): Promise<View> {
  const file = toPath(path)
  const checked = checkViewOptions(options)
  const pages = pageFiles()
  for (const video of checked.videos.values()) await checkVideo(video)
  const recordings = new Recordings(file, checked)
  try {
    const names = await recordings.open()
    const base = `/${randomBytes(12).toString('base64url')}/`
    const site = {
      ...{ base, pages, videos: [...checked.videos.values()] },
      file: { name: basename(file), layouts: names, first: checked.layout ?? (names[0] as string) },
      recording: (layout: string) => recordings.get(layout),
    }
    const server = createServer((request, response) => void answer(site, request, response))
    await listen(server, checked.port)
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`
    let closing: Promise<void> | undefined
    const close = () => (closing ??= end(server, recordings))
    return { url, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await recordings.close()
    throw error
  }
}

async function end(server: Server, recordings: Recordings): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await closed
  await recordings.close()
}

/** Rejects with EADDRINUSE or EACCES. */
async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedy = 'choose another port, or none for any free one'
      if (error.code !== 'EADDRINUSE') return reject(systemError(error))
      reject(new H5TracksError(`port ${port} of 127.0.0.1 is taken; ${remedy}`, { code: 'EADDRINUSE', field: 'port' }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
}

/** The layouts of a file that have been opened. */
class Recordings {
  readonly #path: string
  readonly #options: CheckedOptions
  readonly #open = new Map<string, Promise<Recording>>()
  /** Addresses of videos by view. */
  readonly #videos: ReadonlyMap<string, string>

  constructor(path: string, options: CheckedOptions) {
    this.#path = path
    this.#options = options
    this.#videos = new Map([...options.videos.keys()].map((name, i) => [name, `video/${i}`]))
  }

  /** Opens the first layout to show, and returns the names of all. */
  async open(): Promise<readonly string[]> {
    const { names, rows } = await openRows(this.#path, this.#options.layout, this.#options)
    const name = this.#options.layout ?? (names[0] as string)
    const recording = await made(name, rows, this.#videos)
    this.#open.set(name, Promise.resolve(recording))
    if (this.#videos.size > 0) await this.#checkVideos(names)
    return names
  }

  /** Throws ERR_INVALID_ARGUMENT for a video that no layout has a plane for. */
  async #checkVideos(names: readonly string[]): Promise<void> {
    const views = await Promise.all(names.map(async (name) => (await this.get(name)).description.views))
    const planes = [
      ...new Set(
        views
          .flat()
          .filter(({ dimensions }) => dimensions === 2)
          .map(({ title }) => title),
      ),
    ]
    const strange = [...this.#videos.keys()].find((camera) =>
      camera === '' ? planes.length !== 1 : !planes.includes(camera),
    )
    if (strange === undefined) return
    const what = strange === '' ? 'one plane for a video' : `camera ${strange} for a video`
    const message = `${this.#path} has not ${what}; it has ${planes.length === 0 ? 'none' : planes.join(', ')}`
    throw new H5TracksError(message, {
      code: 'ERR_INVALID_ARGUMENT',
      path: this.#path,
      field: 'videos',
      camera: strange,
    })
  }

  get(name: string): Promise<Recording> {
    const open = this.#open.get(name) ?? this.#openLayout(name)
    this.#open.set(name, open)
    return open
  }

  async #openLayout(name: string): Promise<Recording> {
    try {
      const { rows } = await openRows(this.#path, name, this.#options)
      return await made(name, rows, this.#videos)
    } catch (error) {
      this.#open.delete(name)
      throw error
    }
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values())
    this.#open.clear()
    await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)))
  }
}

async function made(
  name: string,
  rows: ConstructorParameters<typeof Recording>[1],
  videos: ReadonlyMap<string, string>,
): Promise<Recording> {
  try {
    return new Recording(name, rows, videos)
  } catch (error) {
    await rows.close()
    throw error
  }
}
