import type { Opened } from './opened.js'

/** Gives an object what is not seen when it is printed, copied or compared. */
export function hide<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): void {
  Object.defineProperty(object, key, { value, configurable: true })
}

/** Gives an object h5wasm's `file_id`. Who reads it may keep it for all it has of the file, which then stays open. */
export function showId(object: object, opened: Opened): void {
  Object.defineProperty(object, 'file_id', { get: () => opened.id, enumerable: true, configurable: true })
}
