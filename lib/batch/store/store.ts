/** What a run asks of the place that keeps its log and its shards. */

/** Where an object is: in a file of this machine, or at a URL. */
export type Location = { readonly path: string } | { readonly url: string }

/** What a store says of an object that it took. */
export interface Stored {
  /** The entity tag of the object, without quotes, if the store has them. */
  readonly etag?: string
}

/**
 * A place for one run: a folder, the prefix of a bucket, or anything that can put an object only if there is none of that name. Keys
 * are relative, with '/' between their parts. Reads must see every finished write.
 */
export interface Store {
  /** Names the run in errors, e.g. its path or URL. */
  readonly name: string
  /**
   * Puts an object, whole, only if there is none with this key. Returns false if there is one. After a rejection, the object may exist
   * or not.
   */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>
  /** Puts the contents of a local file, whole, under a key that is not used. The file may be moved. */
  putFile(key: string, path: string): Promise<Stored>
  /** The bytes of an object; null if there is none. */
  get(key: string): Promise<Uint8Array | null>
  /** The keys that begin with `prefix`, in any order. */
  keys(prefix: string): Promise<string[]>
  /** Removes an object, if there is one. */
  remove(key: string): Promise<void>
  /** Where readers find an object. */
  locate(key: string): Location
}
