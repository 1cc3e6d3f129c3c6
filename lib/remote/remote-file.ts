/** A remote file: fetches the bytes that calls of native code need, without waiting in native code. */
import { setMaxListeners } from 'node:events'
import { H5TracksError } from '../base/errors.js'
import { type NativeHandle, type NativeOperations, type NativeRemoteBytes, native } from '../native/native.js'
import { ChunkPlaces } from './chunk-places.js'
import { remoteError } from './errors.js'
import { type CheckedRemoteOptions, checkRemote, type RemoteOptions } from './options.js'
import { inParallel } from './parallel.js'
import { fetchRange, type RemoteObject, type Version } from './range-request.js'
import { bytesIn, joined, pairsOf, type Range, rangesOf, requestsFor } from './ranges.js'
import { shownUrl } from './url.js'

/** The first request: it holds the metadata of most files. */
const firstBytes = 256 * 2 ** 10
/** Metadata elsewhere are fetched with what surrounds them. */
const surroundings = 64 * 2 ** 10
const connections = 16
/** Only a damaged file makes one call fetch more often. */
const mostRounds = 10_000

type Found = ReturnType<NativeOperations['chunks.places']>

function placesOf(handles: readonly NativeHandle[]): (() => Promise<Found>)[] {
  return handles.map((handle) => () => native.call('chunks.places', [handle]) as Promise<Found>)
}

const isMiss = (error: unknown) => error instanceof H5TracksError && error.code === 'ERR_NOT_FETCHED'

/** The bytes of an object that was opened by its URL. */
export class RemoteFile {
  /** The URL without secrets. */
  readonly path: string
  /** Those that were fetched. */
  readonly bytes: NativeRemoteBytes
  readonly #object: RemoteObject
  readonly #version: Version
  readonly #cache: number
  readonly #closing: AbortController
  /** The bytes before this were fetched. */
  #head: number
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(
    object: RemoteObject,
    closing: AbortController,
    first: Uint8Array,
    version: Version,
    cache: number,
  ) {
    this.path = object.path
    this.bytes = new native.RemoteBytes(version.size)
    this.bytes.put(0, first)
    this.#object = object
    this.#closing = closing
    this.#version = version
    this.#cache = cache
    this.#head = first.length
  }

  /** Fetches the beginning of an object. */
  static async open(url: URL, options: RemoteOptions): Promise<RemoteFile> {
    const { headers, cache, timeout, signal }: CheckedRemoteOptions = checkRemote(options)
    const closing = new AbortController()
    const all = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal
    all.throwIfAborted()
    // Each request listens to it.
    setMaxListeners(0, all)
    const object = { url, path: shownUrl(url), headers, timeout, signal: all }
    const { bytes, version } = await fetchRange(object, 0, firstBytes)
    return new RemoteFile(object, closing, bytes, version, cache)
  }

  /** Size of the file, bytes. */
  get size(): number {
    return this.#version.size
  }

  /** The most bytes that one call may need. */
  get room(): number {
    return Math.floor(this.#cache / 2)
  }

  /** Aborts all requests. */
  close(): void {
    this.#closing.abort(remoteError('ERR_CLOSED', this.path, 'the file was closed'))
  }

  /** Runs a call of native code; when bytes are missing, fetches them and runs it again. */
  async run<T>(call: () => T | Promise<T>): Promise<T> {
    return (await this.runAll([call]))[0] as T
  }

  /** Runs several calls of native code, and fetches what they miss together. */
  async runAll<T>(calls: readonly (() => T | Promise<T>)[]): Promise<T[]> {
    const results: T[] = []
    const left = await this.#attempt(calls, results, [...calls.keys()])
    if (left.length > 0) await this.#inTurn(() => this.#finish(calls, results, left))
    return results
  }

  /** Fetches these ranges, and then runs a call that needs them. */
  withRanges<T>(ranges: readonly Range[], call: () => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#fetch(joined(ranges))
      const results: T[] = []
      const left = await this.#attempt([call], results, [0])
      if (left.length > 0) await this.#finish([call], results, left)
      return results[0] as T
    })
  }

  /**
   * Where the values of datasets lie, if at most two requests for the bytes after the beginning tell it: in a published file, or in a
   * small one. Else undefined.
   */
  placesAtHand(handles: readonly NativeHandle[]): Promise<(ChunkPlaces | undefined)[] | undefined> {
    return this.#inTurn(async () => {
      // A damaged index is reported when it is needed.
      const calls = placesOf(handles).map(
        (call) => () => call().catch((error) => (isMiss(error) ? Promise.reject(error) : null)),
      )
      const results: Found[] = []
      let left = await this.#attempt(calls, results, [...calls.keys()])
      for (let request = 1; left.length > 0; request++) {
        const missed = rangesOf(this.bytes.takeMissed())
        if (request > 2 || !missed.every(({ begin }) => this.#followsHead(begin))) return undefined
        await this.#fetch(joined(missed.map((range) => this.#withNeighbours(range))))
        left = await this.#attempt(calls, results, left)
      }
      return this.#chunkPlaces(results)
    })
  }

  /** Where the values of datasets lie; undefined for values without places of their own. */
  async places(handles: readonly NativeHandle[]): Promise<(ChunkPlaces | undefined)[]> {
    return this.#chunkPlaces(await this.runAll(placesOf(handles)))
  }

  #chunkPlaces(found: readonly Found[]): (ChunkPlaces | undefined)[] {
    return found.map((places) => (places ? new ChunkPlaces(this.path, this.size, places) : undefined))
  }

  /** Runs the calls at these places. Returns the places of those that miss bytes. */
  async #attempt<T>(calls: readonly (() => T | Promise<T>)[], results: T[], at: readonly number[]): Promise<number[]> {
    const outcomes = await Promise.allSettled(at.map(async (place) => calls[place]?.() as T))
    const left: number[] = []
    for (const [i, outcome] of outcomes.entries()) {
      const place = at[i] as number
      if (outcome.status === 'fulfilled') results[place] = outcome.value
      else if (isMiss(outcome.reason)) left.push(place)
      else throw outcome.reason
    }
    return left
  }

  async #finish<T>(calls: readonly (() => T | Promise<T>)[], results: T[], missing: readonly number[]): Promise<void> {
    let left = missing
    let needed = 0
    for (let round = 0; left.length > 0; round++) {
      if (round === mostRounds) throw this.#limit(`more than ${mostRounds} requests one after the other`)
      const missed = joined(rangesOf(this.bytes.takeMissed()))
      // What is read ahead does not count: it is dropped before what the call has used.
      needed += bytesIn(missed)
      if (needed > this.#cache) throw this.#limit(`more than the ${this.#cache} bytes of the option cache`)
      await this.#fetch(joined(missed.map((range) => this.#withNeighbours(range))))
      left = await this.#attempt(calls, results, left)
    }
  }

  /** What is fetched for a range that HDF5 missed: more of the metadata at the beginning, or its surroundings. */
  #withNeighbours({ begin, end }: Range): Range {
    if (this.#followsHead(begin)) return { begin: this.#head, end: Math.max(end, this.#head + this.#ahead) }
    const around = Math.min(surroundings, this.#cache / 64)
    return { begin: Math.floor(begin / around) * around, end: Math.ceil(end / around) * around }
  }

  /** How many bytes are fetched together after those at the beginning. */
  get #ahead(): number {
    return Math.min(4 * this.#head, this.#cache / 8)
  }

  #followsHead(at: number): boolean {
    return at >= this.#head && at < this.#head + this.#ahead
  }

  /** Fetches what is missing of these ranges. */
  async #fetch(ranges: readonly Range[]): Promise<void> {
    const absent = rangesOf(this.bytes.absent(pairsOf(ranges)))
    const requests = requestsFor(absent, this.room)
    const bytes = bytesIn(requests)
    if (bytes > this.#cache) throw this.#limit(`${bytes} bytes, more than the ${this.#cache} of the option cache`)
    this.bytes.trim(this.#cache - bytes)
    const tasks = requests.map(({ begin, end }) => async () => {
      const { bytes } = await fetchRange(this.#object, begin, end, this.#version)
      this.bytes.put(begin, bytes)
      if (begin <= this.#head) this.#head = Math.max(this.#head, end)
    })
    await inParallel(tasks, connections)
  }

  /** One call after the other fetches, so that none drops what another has just fetched. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task)
    this.#turn = result.catch(() => undefined)
    return result
  }

  #limit(what: string): H5TracksError {
    const problem = `one call needs ${what}; read less at a time, or pass a larger cache`
    return remoteError('ERR_LIMIT', this.path, problem, { field: 'cache' })
  }
}
