// A simulated power loss: what was synced remains, and any dirty page may remain or not. The shim saved the synced content of each
// file and the names at the last sync of the directory; the page cache outlives the killed process.
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generator } from './spread.js'

const PAGE = 4096

/**
 * @typedef {object} Loss one state that a power loss may leave
 * @property {'synced' | 'now'} names the names of the directory's last sync, or the last names: file systems differ
 * @property {number} survives probability that a page, or a length, that was not synced remains
 * @property {string} [whole] files whose names end like this keep all that was written
 * @property {number} seed
 */

/** @type {readonly Loss[]} */
export const LOSSES = [
  { names: 'synced', survives: 0, seed: 1 },
  { names: 'now', survives: 0, seed: 1 },
  { names: 'now', survives: 0.5, seed: 2 },
  { names: 'synced', survives: 0.5, seed: 3 },
  { names: 'now', survives: 0.9, seed: 4 },
  // The journal and the file may be of different moments.
  { names: 'now', survives: 0, whole: '.journal', seed: 1 },
  { names: 'now', survives: 0, whole: '.h5', seed: 1 },
]

/** The content that is durable, and the content of the page cache, at the moment of the loss. */
export class Disk {
  /** @param {import('./process.js').Place} place */
  constructor({ directory, snapshots }) {
    this.directory = directory
    /** Hard links keep the inodes, because a file has the same inode after the restart. */
    this.kept = join(snapshots, 'kept')
    mkdirSync(this.kept)
    /** @type {Map<string, string>} inode by name */
    this.namesNow = new Map(readdirSync(directory).map((name) => [name, String(statSync(join(directory, name)).ino)]))
    const listing = readFileSync(join(snapshots, 'names'), 'utf8').split('\n').slice(0, -1)
    /** @type {Map<string, string>} */
    this.namesSynced = new Map(
      listing.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]),
    )
    /** @type {Map<string, Buffer>} by inode */
    this.cached = new Map([...this.namesNow].map(([name, inode]) => [inode, readFileSync(join(directory, name))]))
    for (const [name, inode] of this.namesNow) linkSync(join(directory, name), join(this.kept, inode))
    /** @type {Map<string, Buffer>} */
    this.synced = new Map(
      [...this.namesSynced.values(), ...this.cached.keys()].map((inode) => {
        const snapshot = join(snapshots, inode)
        return [inode, existsSync(snapshot) ? readFileSync(snapshot) : Buffer.alloc(0)]
      }),
    )
  }

  /** Makes the directory what the machine finds after the restart. @param {Loss} loss */
  lose({ names, survives, whole, seed }) {
    const random = generator(seed)
    for (const name of readdirSync(this.directory)) rmSync(join(this.directory, name))
    for (const [name, inode] of names === 'now' ? this.namesNow : this.namesSynced) {
      const synced = /** @type {Buffer} */ (this.synced.get(inode))
      const path = join(this.directory, name)
      if (existsSync(join(this.kept, inode))) linkSync(join(this.kept, inode), path)
      const chance = whole && name.endsWith(whole) ? 1 : survives
      writeFileSync(path, mixed(synced, this.cached.get(inode) ?? synced, chance, random))
    }
  }
}

/** @param {Buffer} synced @param {Buffer} cached @param {number} survives @param {() => number} random */
function mixed(synced, cached, survives, random) {
  const content = Buffer.alloc((random() < survives ? cached : synced).length)
  for (let at = 0; at < content.length; at += PAGE) {
    const from = random() < survives ? cached : synced
    if (at < from.length) from.copy(content, at, at, at + PAGE) // zeros where it has ended
  }
  return content
}
