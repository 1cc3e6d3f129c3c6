import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'

/** A request for a range, and how it is answered. */
export interface Served {
  begin: number
  end: number
  request: IncomingMessage
  response: ServerResponse
  /** Answers as an object store does. */
  answer(): void
}

/** An HTTP server of one object with range requests, on 127.0.0.1, which counts requests and can fail. */
export class ObjectServer implements AsyncDisposable {
  /** The object. */
  bytes: Buffer
  etag: string | null = '"first"'
  /** Milliseconds before each answer. */
  latency = 0
  /** Answers instead of the server; false: the server answers. */
  fault: ((served: Served, count: number) => boolean | Promise<boolean>) | undefined
  /** The ranges that were requested. */
  readonly ranges: [begin: number, end: number][] = []
  /** The most requests that were open at the same time. */
  mostAtOnce = 0
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: Error) => response.destroy(error))
  })
  #open = 0

  private constructor(bytes: Buffer) {
    this.bytes = bytes
  }

  static async of(path: string): Promise<ObjectServer> {
    const server = new ObjectServer(readFileSync(path))
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/bucket/run.h5?signature=secret`
  }

  /** Forgets the requests so far. */
  reset(): void {
    this.ranges.length = 0
    this.mostAtOnce = 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    const begin = Number(first)
    const end = Math.min(Number(last) + 1, this.bytes.length)
    this.ranges.push([begin, end])
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#open)
    response.on('close', () => this.#open--)
    if (this.latency > 0) await setTimeout(this.latency)
    const answer = () => this.#answer(request, response, begin, end)
    const served = { begin, end, request, response, answer }
    if (await this.fault?.(served, this.ranges.length)) return
    answer()
  }

  #answer(request: IncomingMessage, response: ServerResponse, begin: number, end: number): void {
    if (this.etag) response.setHeader('etag', this.etag)
    const expected = request.headers['if-match']
    if (expected && expected !== this.etag) return void response.writeHead(412).end()
    if (begin >= this.bytes.length) {
      return void response.writeHead(416, { 'content-range': `bytes */${this.bytes.length}` }).end()
    }
    response.writeHead(206, {
      'content-length': end - begin,
      'content-range': `bytes ${begin}-${end - 1}/${this.bytes.length}`,
    })
    response.end(this.bytes.subarray(begin, end))
  }
}
