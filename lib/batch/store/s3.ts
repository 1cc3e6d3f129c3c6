/** `s3Store`: a store in a bucket, by the client library of AWS, which the caller installs. */
import { createReadStream } from 'node:fs'
import { stat, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { H5TracksError, invalidArgument } from '../../base/errors.js'
import type { Location, Store, Stored } from './store.js'

/** A client of `@aws-sdk/client-s3`, as far as this package's declarations name it: they do not need that package. */
export interface S3ClientLike {
  send(command: never): Promise<unknown>
  readonly config: object
}

/** Where a run is, in a bucket. */
export interface S3Place {
  bucket: string
  /** The keys of the run begin with this and a '/'. */
  prefix: string
  /** An `S3Client` of `@aws-sdk/client-s3`. Default: one that finds region, endpoint and credentials as the AWS command line does. */
  client?: S3ClientLike
}

/**
 * A store in a bucket of S3, or of a server that speaks its protocol and heeds `If-None-Match: *` when it puts an object. `openRun`
 * refuses a server that does not. A shard is one object, of at most 5 GB. Needs the package `@aws-sdk/client-s3`; its calls reject with
 * ERR_UNSUPPORTED if that is not installed, and with ERR_STORE, or the code of the system, if the server refuses or cannot be reached.
 */
export function s3Store({ bucket, prefix, client }: S3Place): Store {
  for (const [name, value] of [
    ['bucket', bucket],
    ['prefix', prefix],
  ] as const) {
    if (typeof value !== 'string' || value === '') throw invalidArgument(name, value, 'a non-empty string')
  }
  return new S3Store(bucket, prefix.replace(/^\/+|\/+$/g, ''), client as S3Client | undefined)
}

type Library = typeof import('@aws-sdk/client-s3')
type Session = Library & { client: S3Client }

async function load(): Promise<Library> {
  try {
    return await import('@aws-sdk/client-s3')
  } catch (error) {
    const message = 'runs in a bucket need the client library of AWS: npm install @aws-sdk/client-s3'
    throw Object.assign(new H5TracksError(message, { code: 'ERR_UNSUPPORTED' }), { cause: error })
  }
}

// One for all runs of the process, so that they share its connections. Servers other than AWS may not know newer checksums.
let shared: S3Client | undefined
function sharedClient({ S3Client: Client }: Library): S3Client {
  shared ??= new Client({ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' })
  return shared
}

// The client does not retry an upload from a stream.
const uploads = 3

class S3Store implements Store {
  readonly name: string
  readonly #given: S3Client | undefined
  readonly #bucket: string
  readonly #prefix: string
  #session: Promise<Session> | undefined

  constructor(bucket: string, prefix: string, client: S3Client | undefined) {
    this.name = `s3://${bucket}/${prefix}`
    this.#given = client
    this.#bucket = bucket
    this.#prefix = prefix
  }

  async putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean> {
    const { client, PutObjectCommand } = await this.#open()
    try {
      await client.send(new PutObjectCommand({ ...this.#at(key), Body: bytes, IfNoneMatch: '*' }))
      return true
    } catch (error) {
      // 409: another conditional PUT of this key is in progress. The log reads the object, and tries again if there is none.
      if ([409, 412].includes(statusOf(error) ?? 0)) return false
      throw this.#explained(error, key)
    }
  }

  async putFile(key: string, path: string): Promise<Stored> {
    const { client, PutObjectCommand } = await this.#open()
    const { size } = await stat(path)
    for (let upload = 1; ; upload++) {
      const body = { Body: createReadStream(path), ContentLength: size, ContentType: 'application/x-hdf5' }
      try {
        const { ETag } = await client.send(new PutObjectCommand({ ...this.#at(key), ...body }))
        await unlink(path)
        return ETag === undefined ? {} : { etag: ETag.replace(/^"|"$/g, '') }
      } catch (error) {
        body.Body.destroy()
        const status = statusOf(error)
        if (upload === uploads || (status !== undefined && status < 500)) throw this.#explained(error, key)
        await sleep(200 * upload)
      }
    }
  }

  async get(key: string): Promise<Uint8Array | null> {
    const { client, GetObjectCommand } = await this.#open()
    try {
      const { Body } = await client.send(new GetObjectCommand(this.#at(key)))
      return (await Body?.transformToByteArray()) ?? null
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return null
      throw this.#explained(error, key)
    }
  }

  async keys(prefix: string): Promise<string[]> {
    const { client, paginateListObjectsV2 } = await this.#open()
    const keys: string[] = []
    const { Bucket, Key: Prefix } = this.#at(prefix)
    try {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        for (const { Key = '' } of Contents) keys.push(Key.slice(this.#prefix.length + 1))
      }
      return keys
    } catch (error) {
      throw this.#explained(error, prefix)
    }
  }

  async remove(key: string): Promise<void> {
    const { client, DeleteObjectCommand } = await this.#open()
    await client.send(new DeleteObjectCommand(this.#at(key)))
  }

  locate(key: string): Location {
    return { url: `${this.name}/${key}` }
  }

  #open(): Promise<Session> {
    this.#session ??= load().then((library) => ({ ...library, client: this.#given ?? sharedClient(library) }))
    return this.#session
  }

  #at(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#bucket, Key: `${this.#prefix}/${key}` }
  }

  /** Errors of the client name neither the object nor, often, the reason. */
  #explained(error: unknown, key: string): unknown {
    if (!(error instanceof Error)) return error
    const status = statusOf(error)
    const what = [error.name, status === undefined ? '' : `status ${status}`].filter(Boolean).join(', ')
    const code = (error as { code?: unknown }).code
    const fields = { code: typeof code === 'string' ? code : 'ERR_STORE', path: `${this.name}/${key}` }
    return Object.assign(new H5TracksError(`${this.name}/${key}: ${error.message} (${what})`, fields), { cause: error })
  }
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode
}
