/**
 * The texts that PyTables pickles into attributes: lists and tuples of texts and small numbers, in protocol 0. Nothing else is read, and
 * nothing is run.
 */

/** A value in such a pickle. */
export type Pickled = string | number | boolean | null | Pickled[] | Map<Pickled, Pickled>

const mark = Symbol('mark')
type Item = Pickled | typeof mark

const mostSteps = 10_000_000

/** Reads a pickle. Throws a plain Error for anything but lists, tuples and dicts of texts and numbers. */
export function unpickled(pickle: string): Pickled {
  const stack: Item[] = []
  const memo = new Map<string, Pickled>()
  let at = 0
  const line = (): string => {
    const end = pickle.indexOf('\n', at)
    if (end === -1) throw new Error('it ends early')
    const text = pickle.slice(at, end)
    at = end + 1
    return text
  }
  const top = (): Pickled => {
    const item = stack.at(-1)
    if (item === undefined || item === mark) throw new Error('it is damaged')
    return item
  }
  const pop = (): Pickled => {
    const item = top()
    stack.pop()
    return item
  }
  const sinceMark = (): Pickled[] => {
    const from = stack.lastIndexOf(mark)
    if (from === -1) throw new Error('it is damaged')
    const items = stack.splice(from) as Pickled[]
    items.shift()
    return items
  }
  const list = (): Pickled[] => {
    const item = top()
    if (!Array.isArray(item)) throw new Error('it is damaged')
    return item
  }
  for (let steps = 0; steps < mostSteps; steps++) {
    const code = pickle[at++]
    if (code === '.') return top()
    if (code === '(') stack.push(mark)
    else if (code === 'l' || code === 't') stack.push(sinceMark())
    else if (code === 'd') stack.push(dictOf(sinceMark()))
    else if (code === 'N') stack.push(null)
    else if (code === 'V') stack.push(unescaped(line()))
    else if (code === 'S') stack.push(line().replace(/^(['"])(.*)\1$/, '$2'))
    else if (code === 'I') stack.push(integer(line()))
    else if (code === 'L') stack.push(integer(line().replace(/L$/, '')))
    else if (code === 'F') stack.push(Number(line()))
    else if (code === 'p') memo.set(line(), top())
    else if (code === 'g') stack.push(recalled(memo, line()))
    else if (code === 'a') {
      const item = pop()
      list().push(item)
    } else if (code === 's') {
      const [value, key] = [pop(), pop()]
      const dict = top()
      if (!(dict instanceof Map)) throw new Error('it is damaged')
      dict.set(key, value)
    } else throw new Error(code === undefined ? 'it ends early' : `it holds more than texts (${JSON.stringify(code)})`)
  }
  throw new Error('it is too long')
}

function dictOf(items: readonly Pickled[]): Map<Pickled, Pickled> {
  const dict = new Map<Pickled, Pickled>()
  for (let i = 0; i + 1 < items.length; i += 2) dict.set(items[i] as Pickled, items[i + 1] as Pickled)
  return dict
}

function recalled(memo: ReadonlyMap<string, Pickled>, name: string): Pickled {
  const item = memo.get(name)
  if (item === undefined) throw new Error('it is damaged')
  return item
}

/** The truth values are 01 and 00. */
function integer(text: string): number | boolean {
  if (text === '01' || text === '00') return text === '01'
  const value = Number(text)
  if (!Number.isInteger(value)) throw new Error('it is damaged')
  return value
}

/** A text in Python's raw-unicode-escape. */
function unescaped(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/gi, (_, short, long) =>
    String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(short ?? long, 16))),
  )
}
