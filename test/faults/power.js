// A power loss: what was synced counts, and of what was written since, any pages may be there or not. The shim kept the synced
// content of each file and the names at the directory's last sync; the page cache outlives the killed process.
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generator } from './spread.js'

const PAGE = 4096

/**
 * @typedef {object} Loss one of the things that a power loss may leave
 * @property {'synced' | 'now'} names those of the directory's last sync, or what was there in the end: file systems differ
 * @property {number} survives probability that a page, or a length, which was not synced is there all the same
 * @property {string} [whole] files whose names end like this are there as they were in the end
 * @property {number} seed
 */

/** @type {readonly Loss[]} */
export const LOSSES = [
  { names: 'synced', survives: 0, seed: 1 },
  { names: 'now', survives: 0, seed: 1 },
  { names: 'now', survives: 0.5, seed: 2 },
  { names: 'synced', survives: 0.5, seed: 3 },
  { names: 'now', survives: 0.9, seed: 4 },
  // What the one says of the other need not be there.
  { names: 'now', survives: 0, whole: '.journal', seed: 1 },
  { names: 'now', survives: 0, whole: '.h5', seed: 1 },
]

/** What is on the disk for sure, and what is in the page cache, at the moment of the loss. */
export class Disk {
  /** @param {import('./process.js').Place} place */
  constructor({ directory, snapshots }) {
    this.directory = directory
    /** Where the inodes are kept: a file is the same one when the machine is on again. */
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

  /** Leaves in the directory what is there when the machine is on again. @param {Loss} loss */
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
