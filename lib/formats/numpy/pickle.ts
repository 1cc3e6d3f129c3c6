/**
 * Unpickles plain data and arrays of NumPy, and nothing else: no class is looked up and no function called that is not named here.
 * (Source: Python's `pickletools`, protocols 0 to 5.)
 */
import { formatProblem } from '../core/problem.js'
import { FileArray } from './array.js'
import type { ByteRange } from './bytes.js'
import { PickleInput } from './pickle-input.js'
import { built, Callable, called, type Item, Mark, Pending } from './pickle-objects.js'
import { PickledBytes, type Plain } from './plain.js'

/** Far above what trajectories need; a pickle that needs more is not one of them. */
const mostSteps = 2_000_000
const mostItems = 500_000

/** Reads one pickle. */
export class Unpickler {
  readonly #input: PickleInput
  readonly #stack: Item[] = []
  readonly #memo = new Map<number, Item>()
  #steps = 0

  constructor(range: ByteRange, place: string) {
    this.#input = new PickleInput(range, place)
  }

  /** The object. Throws ERR_FORMAT for a damaged pickle, and for one with anything but plain data. */
  load(): Plain {
    for (;;) {
      const code = this.#input.byte()
      if (code === 0x2e) return this.#plain(this.#pop())
      if (++this.#steps > mostSteps || this.#stack.length > mostItems || this.#memo.size > mostItems) {
        throw this.#refused('it has too many objects to be trajectories')
      }
      const item = this.#step(code)
      if (item !== undefined) this.#stack.push(item)
    }
  }

  /** What an instruction puts on the stack; undefined for nothing. */
  #step(code: number): Item | undefined {
    const input = this.#input
    const char = String.fromCharCode(code)
    switch (char) {
      case '\x80': // PROTO
        if (input.byte() > 5) throw this.#refused('its protocol is newer than 5')
        return
      case '\x95': // FRAME
        input.skip(8)
        return
      case '(':
        return new Mark()
      case '0':
        this.#pop()
        return
      case '1':
        this.#sinceMark()
        return
      case '2':
        return this.#top()
      case 'N':
        return null
      case '\x88':
        return true
      case '\x89':
        return false
      case 'I': {
        const line = input.line()
        return line === '01' ? true : line === '00' ? false : this.#number(line)
      }
      case 'L':
        return this.#number(input.line().replace(/L$/, ''))
      case 'F':
        return this.#number(input.line())
      case 'J':
        return input.int32()
      case 'K':
        return input.byte()
      case 'M':
        return input.unsigned(2)
      case '\x8a':
        return input.long(input.byte())
      case '\x8b':
        return input.long(input.unsigned(4))
      case 'G':
        return input.float()
      case 'S':
        return input.line().replace(/^(['"])(.*)\1$/, '$2')
      case 'V':
        return input.line()
      case 'X':
        return input.text(input.unsigned(4))
      case '\x8c':
        return input.text(input.byte())
      case '\x8d':
        return input.text(input.unsigned(8))
      // Python 2's str holds texts and the data of arrays.
      case 'T':
      case 'B':
        return new PickledBytes(input.range(input.unsigned(4)))
      case 'U':
      case 'C':
        return new PickledBytes(input.range(input.byte()))
      case '\x8e':
      case '\x96':
        return new PickledBytes(input.range(input.unsigned(8)))
      default:
        return this.#structure(char)
    }
  }

  #structure(char: string): Item | undefined {
    const input = this.#input
    switch (char) {
      case ']':
      case ')':
      case '\x8f':
        return []
      case 'l':
      case 't':
      case '\x91':
        return this.#sinceMark()
      case '\x85':
      case '\x86':
      case '\x87': {
        const count = char.charCodeAt(0) - 0x84
        if (this.#stack.length < count) throw this.#damaged()
        return this.#stack.splice(-count)
      }
      case 'a': {
        const item = this.#pop()
        this.#list().push(item)
        return
      }
      case 'e':
      case '\x90': {
        const items = this.#sinceMark()
        const list = this.#list()
        for (const item of items) list.push(item)
        return
      }
      case '}':
        return new Map()
      case 'd':
        return this.#filled(new Map(), this.#sinceMark())
      case 's': {
        const value = this.#pop()
        const key = this.#pop()
        this.#filled(this.#dict(), [key, value])
        return
      }
      case 'u': {
        const items = this.#sinceMark()
        this.#filled(this.#dict(), items)
        return
      }
      case 'g':
        return this.#recalled(this.#number(input.line()))
      case 'h':
        return this.#recalled(input.byte())
      case 'j':
        return this.#recalled(input.unsigned(4))
      case 'p':
        this.#keep(this.#number(input.line()))
        return
      case 'q':
        this.#keep(input.byte())
        return
      case 'r':
        this.#keep(input.unsigned(4))
        return
      case '\x94':
        this.#keep(this.#memo.size)
        return
      case 'c':
        return this.#global(input.line(), input.line())
      case '\x93': {
        const name = this.#pop()
        const module = this.#pop()
        if (typeof name !== 'string' || typeof module !== 'string') throw this.#damaged()
        return this.#global(module, name)
      }
      case 'R': {
        const args = this.#pop()
        const callable = this.#pop()
        if (!(callable instanceof Callable) || !Array.isArray(args)) throw this.#damaged()
        return called(callable, args, (what) => this.#refused(what))
      }
      case 'b': {
        const state = this.#pop()
        const object = this.#pop()
        if (!(object instanceof Pending) || !Array.isArray(state)) throw this.#damaged()
        built(object, state, (what) => this.#refused(what))
        return object
      }
      default:
        throw this.#refused(
          `it uses the instruction 0x${char.charCodeAt(0).toString(16)}, which makes objects other than plain data, or is damaged`,
        )
    }
  }

  #global(module: string, name: string): Callable {
    const callable = Callable.of(module, name)
    if (callable) return callable
    throw this.#refused(`it holds a ${module}.${name}; only plain data and arrays of NumPy are read from pickles`)
  }

  #filled(dict: Map<Item, Item>, items: readonly Item[]): Map<Item, Item> {
    if (items.length % 2 !== 0) throw this.#damaged()
    for (let i = 0; i < items.length; i += 2) dict.set(this.#textual(items[i] as Item), items[i + 1] as Item)
    return dict
  }

  /** Keys are texts also where Python 2 wrote them. */
  #textual(item: Item): Item {
    if (!(item instanceof PickledBytes) || item.range.length > 1000) return item
    return this.#input.latin1(item.range)
  }

  #plain(item: Item, depth = 0): Plain {
    if (depth > 64) throw this.#refused('it is nested too deeply')
    if (item instanceof Pending) return this.#made(item, depth)
    if (item instanceof Mark || item instanceof Callable) throw this.#damaged()
    if (item instanceof PickledBytes) return this.#isText(item) ? this.#input.latin1(item.range) : item
    if (++this.#steps > mostSteps) throw this.#refused('it has too many objects to be trajectories')
    if (Array.isArray(item)) return item.map((element) => this.#plain(element, depth + 1))
    if (!(item instanceof Map)) return item
    return new Map([...item].map(([key, value]) => [this.#plain(key, depth + 1), this.#plain(value, depth + 1)]))
  }

  #made({ made }: Pending, depth: number): Plain {
    if (made === undefined) throw this.#damaged()
    if (made instanceof FileArray) return made
    const list = made.items.map((element) => this.#plain(element, depth + 1))
    return made.isSingle ? (list[0] ?? null) : list
  }

  #isText({ range }: PickledBytes): boolean {
    return range.length <= 65_536
  }

  #number(text: string): number {
    const value = Number(text)
    if (text.trim() === '' || (Number.isNaN(value) && !/^nan$/i.test(text))) {
      if (/^-?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      throw this.#damaged()
    }
    return value
  }

  #pop(): Item {
    const item = this.#stack.pop()
    if (item === undefined) throw this.#damaged()
    return item
  }

  #top(): Item {
    const item = this.#stack.at(-1)
    if (item === undefined) throw this.#damaged()
    return item
  }

  #sinceMark(): Item[] {
    for (let i = this.#stack.length - 1; i >= 0; i--) {
      if (this.#stack[i] instanceof Mark) {
        const items = this.#stack.splice(i)
        items.shift()
        return items
      }
    }
    throw this.#damaged()
  }

  #list(): Item[] {
    const list = this.#top()
    if (!Array.isArray(list)) throw this.#damaged()
    return list
  }

  #dict(): Map<Item, Item> {
    const dict = this.#top()
    if (!(dict instanceof Map)) throw this.#damaged()
    return dict
  }

  #keep(index: number): void {
    this.#memo.set(index, this.#top())
  }

  #recalled(index: number): Item {
    const item = this.#memo.get(index)
    if (item === undefined) throw this.#damaged()
    return item
  }

  #refused(what: string): Error {
    return formatProblem(
      this.#input.path,
      this.#input.here,
      what,
      'export the trajectories as CSV or HDF5, or save them again as a dict of arrays',
    )
  }

  #damaged(): Error {
    return this.#refused('its pickle is damaged')
  }
}
