import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// The part of S3's protocol that runs use, in memory, with faults: for what a real server (test/batch/radosgw.ts) cannot be made to do.

export interface S3Server extends AsyncDisposable {
  url: string
  objects: Map<string, Buffer>
  /** Requests so far, e.g. 'PUT bucket/key'. */
  requests: string[]
  /** What happens to the next request that matches, instead of its answer. 'lose': it is carried out, and the connection breaks. */
  faults: { match: RegExp; fault: 'lose' | 'refuse' | 503 | 403 }[]
}

export async function startS3({ ignoresConditions = false } = {}): Promise<S3Server> {
  const objects = new Map<string, Buffer>()
  const requests: string[] = []
  const faults: S3Server['faults'] = []

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url!, 'http://localhost')
    const key = decodeURIComponent(pathname.slice(1))
    const what = `${request.method} ${key}`
    requests.push(what)
    const at = faults.findIndex(({ match }) => match.test(what))
    const fault = at === -1 ? undefined : faults.splice(at, 1)[0]!.fault
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    if (fault === 'refuse') return void request.socket.destroy()
    if (typeof fault === 'number') return error(response, fault, fault === 403 ? 'AccessDenied' : 'SlowDown')
    if (fault === 'lose') {
      carryOut(request, key, Buffer.concat(parts))
      return void request.socket.destroy()
    }
    if (searchParams.get('list-type') === '2') return list(response, key, searchParams)
    if (request.method === 'PUT') {
      if (!carryOut(request, key, Buffer.concat(parts))) return error(response, 412, 'PreconditionFailed')
      const etag = createHash('md5').update(objects.get(key)!).digest('hex')
      return void response.writeHead(200, { etag: `"${etag}"` }).end()
    }
    if (request.method === 'DELETE') {
      objects.delete(key)
      return void response.writeHead(204).end()
    }
    const found = objects.get(key)
    if (!found) return error(response, 404, 'NoSuchKey')
    response.writeHead(200, { 'content-length': found.length }).end(found)
  }

  function carryOut(request: IncomingMessage, key: string, body: Buffer): boolean {
    if (request.headers['if-none-match'] === '*' && !ignoresConditions && objects.has(key)) return false
    objects.set(key, body)
    return true
  }

  /** Two keys a page, so that the pages are read on. */
  function list(response: ServerResponse, path: string, query: URLSearchParams): void {
    const bucket = path.replace(/\/$/, '')
    const after = query.get('continuation-token') ?? ''
    const all = [...objects.keys()]
      .filter((key) => key.startsWith(`${bucket}/`))
      .map((key) => key.slice(bucket.length + 1))
      .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
      .sort()
    const page = all.slice(0, 2)
    const more = all.length > 2 ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
    const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
    const truncated = `<IsTruncated>${all.length > 2}</IsTruncated>`
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><ListBucketResult>${truncated}${more}${contents}</ListBucketResult>`)
  }

  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ objects, requests, faults },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function error(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code} by the test</Message></Error>`)
}
