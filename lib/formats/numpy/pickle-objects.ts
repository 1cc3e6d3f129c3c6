/** The few functions and classes that pickles of trajectories name, and what they make. */
import { FileArray } from './array.js'
import { type Dtype, dtypeOf, numberReader, textsIn } from './dtype.js'
import { PickledBytes } from './plain.js'

type Refuse = (what: string) => Error

/** The stack's marker of where a list begins. */
export class Mark {}

/** What is on the stack of the unpickler. */
export type Item =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickledBytes
  | FileArray
  | Mark
  | Callable
  | Pending
  | Item[]
  | Map<Item, Item>

type Role =
  | 'reconstruct'
  | 'scalar'
  | 'frombuffer'
  | 'ndarray'
  | 'dtype'
  | 'dict'
  | 'list'
  | 'encode'
  | 'path'
  | 'bytes'

const roles: Readonly<Record<string, Role>> = {
  'numpy.core.multiarray._reconstruct': 'reconstruct',
  'numpy._core.multiarray._reconstruct': 'reconstruct',
  'numpy.core.multiarray.scalar': 'scalar',
  'numpy._core.multiarray.scalar': 'scalar',
  'numpy.core.numeric._frombuffer': 'frombuffer',
  'numpy._core.numeric._frombuffer': 'frombuffer',
  'numpy.ndarray': 'ndarray',
  'numpy.dtype': 'dtype',
  'collections.OrderedDict': 'dict',
  'builtins.dict': 'dict',
  '__builtin__.dict': 'dict',
  'builtins.list': 'list',
  'builtins.tuple': 'list',
  'builtins.set': 'list',
  'builtins.frozenset': 'list',
  '__builtin__.set': 'list',
  '__builtin__.frozenset': 'list',
  '_codecs.encode': 'encode',
  'builtins.bytes': 'bytes',
  '__builtin__.bytes': 'bytes',
  ...Object.fromEntries(
    ['PosixPath', 'WindowsPath', 'PurePosixPath', 'PureWindowsPath', 'Path'].flatMap((name) => [
      [`pathlib.${name}`, 'path'] as const,
      [`pathlib._local.${name}`, 'path'] as const,
    ]),
  ),
}

/** A function or class that a pickle may name. */
export class Callable {
  readonly role: Role
  private constructor(role: Role) {
    this.role = role
  }

  static of(module: string, name: string): Callable | undefined {
    const key = `${module}.${name}`
    return Object.hasOwn(roles, key) ? new Callable(roles[key] as Role) : undefined
  }
}

/** A type or an array of NumPy, which gets its state after it is made. */
export class Pending {
  dtype: Dtype | undefined
  made: FileArray | { readonly items: readonly Item[]; readonly isSingle: boolean } | undefined
  readonly isArray: boolean

  constructor(isArray: boolean) {
    this.isArray = isArray
  }
}

/** What a call makes. */
export function called({ role }: Callable, args: readonly Item[], refuse: Refuse): Item {
  const [first, second, shape, order] = args
  switch (role) {
    case 'reconstruct':
      if (!(first instanceof Callable) || first.role !== 'ndarray') throw refuse('it holds a subclass of an array')
      return new Pending(true)
    case 'dtype': {
      const type = new Pending(false)
      type.dtype = dtypeOf(textOf(first) ?? '')
      if (!type.dtype) throw refuse(`it holds an array of the type ${textOf(first)}, which is not supported`)
      return type
    }
    case 'scalar':
      return scalarOf(first, second, refuse)
    case 'frombuffer':
      if (!(first instanceof PickledBytes) || !(second instanceof Pending) || !second.dtype)
        throw refuse('its pickle is damaged')
      return new FileArray('an array', second.dtype, shapeOf(shape, refuse), order === 'F', first.range)
    case 'dict':
      return new Map(
        Array.isArray(first) ? first.filter(Array.isArray).map((pair) => [pair[0] as Item, pair[1] as Item]) : [],
      )
    case 'list':
      return Array.isArray(first) ? first : []
    case 'encode':
      return encoded(textOf(first) ?? '', refuse)
    case 'bytes':
      return ''
    case 'path':
      return joined(args.map((part) => textOf(part) ?? ''))
    default:
      throw refuse('its pickle is damaged')
  }
}

/** Paths are pickled in parts, the first of which may be a root. */
function joined(parts: readonly string[]): string {
  const [root = '', ...rest] = parts
  return root === '/' || root.endsWith('\\') ? root + rest.join(root === '/' ? '/' : '\\') : parts.join('/')
}

/** Bytes that Python 3 wrote as text, for Python 2. The data of arrays are rarely written so, and must be short. */
function encoded(text: string, refuse: Refuse): Item {
  if (text.length > 2 ** 16) throw refuse('its arrays are written as text, in protocol 2 or older')
  return text
}

function textOf(item: Item | undefined): string | undefined {
  if (typeof item === 'string') return item
  if (!(item instanceof PickledBytes) || item.range.length > 1000) return undefined
  return item.range.file.bytes(item.range.offset, item.range.length, 'a text').toString('latin1')
}

function shapeOf(item: Item | undefined, refuse: Refuse): number[] {
  const whole = (n: Item): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0
  if (Array.isArray(item) && item.length <= 32 && item.every(whole)) return item as number[]
  throw refuse('the shape of an array is damaged')
}

function scalarOf(type: Item | undefined, data: Item | undefined, refuse: Refuse): Item {
  const dtype = type instanceof Pending ? type.dtype : undefined
  const bytes =
    typeof data === 'string' ? Buffer.from(data, 'latin1') : data instanceof PickledBytes ? smallBytes(data) : undefined
  if (!dtype || !bytes || bytes.length !== dtype.size) throw refuse('a number of NumPy is damaged')
  const texts = textsIn(bytes, dtype)
  if (texts) return texts[0] ?? ''
  const read = numberReader(dtype)
  if (!read) throw refuse(`it holds a value of the type ${dtype.text}, which is not supported`)
  const value = read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 0)
  return dtype.kind === 'b' ? value !== 0 : value
}

function smallBytes({ range }: PickledBytes): Buffer | undefined {
  return range.length > 65_536 ? undefined : range.file.bytes(range.offset, range.length, 'a number')
}

/** Gives a type its byte order, or an array its shape and data. */
export function built(object: Pending, state: readonly Item[], refuse: Refuse): void {
  if (!object.isArray) {
    const order = textOf(state[1])
    if (object.dtype && order === '>')
      object.dtype = { ...object.dtype, little: false, text: object.dtype.text.replace(/^[<|=]?/, '>') }
    return
  }
  const [shape, type, fortran, data] = state.length === 5 ? state.slice(1) : state
  const dtype = type instanceof Pending ? type.dtype : undefined
  if (!dtype) throw refuse('an array has no type')
  const axes = shapeOf(shape, refuse)
  if (dtype.kind === 'O') {
    if (!Array.isArray(data)) throw refuse('an array of objects is damaged')
    object.made = { items: data, isSingle: axes.length === 0 }
    return
  }
  if (typeof data === 'string') throw refuse('its arrays are written as text, in protocol 2 or older')
  if (!(data instanceof PickledBytes)) throw refuse('an array has no data')
  object.made = new FileArray('an array', dtype, axes, fortran === true || fortran === 1, data.range)
}
