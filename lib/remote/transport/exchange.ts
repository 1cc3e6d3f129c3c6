/** A request and its answer as plain data, so that any thread can make it. */

export interface Question {
  readonly url: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** The most bytes of a body that are wanted. */
  readonly most: number
}

export interface Answer {
  readonly status: number
  /** By their names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  /** The body of status 206, up to the most bytes that are wanted. Other bodies are not read. */
  readonly bytes: Uint8Array<ArrayBuffer>
  /** The body has more bytes. */
  readonly excess: boolean
  /** Why the body ended early, if it did. */
  readonly broken: string | undefined
}

/** No answer came. The message says why: the code of the system's error, or its message. */
export class NoAnswer extends Error {}

/** Makes a request by Node's fetch. Rejects with NoAnswer, or with the reason of the signal. */
export async function exchange({ url, headers, most }: Question, signal: AbortSignal): Promise<Answer> {
  let response: Response | undefined
  try {
    response = await fetch(url, { headers: headers.map(([name, value]) => [name, value]), signal })
    const answer = { status: response.status, headers: new Map(response.headers) }
    if (response.status !== 206) return { ...answer, bytes: new Uint8Array(0), excess: false, broken: undefined }
    return { ...answer, ...(await bodyOf(response, most, signal)) }
  } catch (error) {
    signal.throwIfAborted()
    throw new NoAnswer(reasonOf(error), { cause: error })
  } finally {
    if (response && !response.bodyUsed) await response.body?.cancel().catch(() => undefined)
  }
}

async function bodyOf(response: Response, most: number, signal: AbortSignal) {
  const length = Number(response.headers.get('content-length') ?? most)
  if (length > most) return { bytes: new Uint8Array(0), excess: true, broken: undefined }
  const bytes = new Uint8Array(length)
  let at = 0
  try {
    for await (const part of response.body ?? []) {
      if (part.length > length - at) return { bytes, excess: true, broken: undefined }
      bytes.set(part, at)
      at += part.length
    }
  } catch (error) {
    signal.throwIfAborted()
    return { bytes: bytes.subarray(0, at), excess: false, broken: reasonOf(error) }
  }
  return { bytes: bytes.subarray(0, at), excess: false, broken: undefined }
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: Error & { code?: string } }
  return cause?.code ?? cause?.message ?? message
}
