/** Properties that are not h5wasm's, kept out of sight. */
import type { Opened } from './opened.js'

/** Defines a property that is not enumerable, so it is not printed, copied or compared. */
export function hide<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): void {
  Object.defineProperty(object, key, { value, configurable: true })
}

/** Defines h5wasm's `file_id`. A program that reads the id may keep nothing else of the file, so the file then stays open. */
export function showId(object: object, opened: Opened): void {
  Object.defineProperty(object, 'file_id', { get: () => opened.id, enumerable: true, configurable: true })
}
