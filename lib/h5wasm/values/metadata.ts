/** Converts between the types of h5tracks/hdf5 and h5wasm's metadata. */
import { invalidArgument } from '../../base/errors.js'
import { type DatasetInfo, type Type, toType } from '../../hdf5/index.js'
import { arrayOf, compoundOf, floatOf, integerOf, referenceTo, simple, stringOf } from './dtype.js'
import { SIZE_IN_MEMORY } from './memory-sizes.js'
import { type CompoundMember, type EnumTypeMetadata, type Metadata, TYPE_CLASS } from './types.js'

const paddings = ['null-terminated', 'null-padded', 'space-padded'] as const

/** The metadata that h5wasm gives for a type. */
export function typeToMetadata(type: Type): Metadata {
  const metadata = withoutOrder(type)
  return { ...metadata, littleEndian: orderOf(type) === 'little' }
}

function withoutOrder(type: Type): Metadata {
  switch (type.class) {
    case 'integer':
      return integerOf(type.size, type.signed)
    case 'float':
      return floatOf(type.size)
    case 'string': {
      const length = type.size === 'variable' ? null : type.size
      return { ...stringOf(length, type.charset === 'ascii' ? 0 : 1), strpad: paddings.indexOf(type.padding) }
    }
    case 'compound':
      return {
        ...compoundOf(type.members.map(({ name, offset, type: member }) => memberOf(name, offset, member))),
        size: type.size,
      }
    case 'complex':
      return compoundOf([memberOf('r', 0, type.base), memberOf('i', type.base.size, type.base)])
    case 'bool':
      return enumOf(integerOf(1, true), { FALSE: 0, TRUE: 1 })
    case 'enum':
      return enumOf(typeToMetadata(type.base), type.members)
    case 'array':
      return arrayOf(typeToMetadata(type.base), type.shape)
    case 'vlen': {
      const vlen_type = typeToMetadata(type.base)
      return { ...simple(TYPE_CLASS.vlen, SIZE_IN_MEMORY.vlen), signed: vlen_type.signed, vlen_type }
    }
    case 'reference':
      return referenceTo(type.to)
    default:
      return simple(TYPE_CLASS[type.class], type.size)
  }
}

function memberOf(name: string, offset: number, type: Type): CompoundMember {
  return { ...typeToMetadata(type), name, offset, shape: [] }
}

/** The byte order that HDF5 gives for a type (H5Tget_order); `null` if it has none. */
function orderOf(type: Type): string | null {
  switch (type.class) {
    case 'bool':
      return 'little'
    case 'enum':
    case 'array':
    case 'vlen':
    case 'complex':
      return orderOf(type.base)
    case 'compound': {
      const orders = new Set(type.members.map((member) => orderOf(member.type)).filter((order) => order !== null))
      return orders.size > 1 ? 'mixed' : ([...orders][0] ?? null)
    }
    case 'string':
      return type.size === 'variable' ? 'little' : null
    default:
      return 'order' in type ? type.order : null
  }
}

function enumOf(base: Metadata, members: Record<string, number | bigint>): Metadata {
  const entries = Object.entries(members).map(([name, value]) => [name, Number(value)] as const)
  const enum_type: EnumTypeMetadata = {
    type: base.type,
    nmembers: entries.length,
    members: Object.fromEntries(entries),
  }
  return { ...base, type: TYPE_CLASS.enum, enum_type }
}

/** The type that metadata describe. Throws ERR_INVALID_ARGUMENT for a type that a dtype cannot name. */
export function metadataToType(metadata: Metadata): Type {
  const order = metadata.littleEndian ? 'little' : 'big'
  const { size, signed } = metadata
  switch (metadata.type) {
    case TYPE_CLASS.integer:
      return { class: 'integer', size, signed, order }
    case TYPE_CLASS.float:
      return { class: 'float', size, order }
    case TYPE_CLASS.string:
      return {
        class: 'string',
        size: metadata.vlen ? 'variable' : size,
        charset: metadata.cset === 0 ? 'ascii' : 'utf-8',
        padding: paddings[metadata.strpad ?? 0] ?? 'null-terminated',
      }
    case TYPE_CLASS.reference:
      return { class: 'reference', to: metadata.ref_type ?? 'object' }
    case TYPE_CLASS.compound: {
      const { members } = metadata.compound_type!
      // h5wasm's offsets count 4 bytes for a string of variable length, which takes more here: pack the members instead.
      if (hasText(metadata)) {
        return toType({
          class: 'compound',
          members: members.map((member) => ({ name: member.name, type: metadataToType(member) })),
        })
      }
      const placed = members.map(({ name, offset, ...member }) => ({ name, type: metadataToType(member), offset }))
      return { class: 'compound', size, members: placed }
    }
    case TYPE_CLASS.array: {
      const base = metadata.array_type!
      return { class: 'array', base: metadataToType(base), shape: base.shape ?? [] }
    }
    case TYPE_CLASS.vlen:
      return { class: 'vlen', base: metadataToType(metadata.vlen_type!) }
    default:
      throw invalidArgument(
        'dtype',
        metadata,
        'a type of integers, floats, strings, references, or compounds or arrays of them',
      )
  }
}

function hasText(metadata: Metadata): boolean {
  return metadata.vlen || (metadata.compound_type?.members.some(hasText) ?? false)
}

// H5S_UNLIMITED as a JavaScript number, as in h5wasm.
const UNLIMITED = 2 ** 64

/** The metadata of an attribute: its type and dataspace. */
export function attributeMetadata(type: Type, shape: readonly number[] | null): Metadata {
  return { ...typeToMetadata(type), ...space(shape, shape), chunks: null }
}

/** The metadata of a dataset: its type, dataspace and layout. */
export function datasetMetadata(info: DatasetInfo): Metadata {
  const { type, shape, maxShape, chunks, layout, virtual } = info
  const metadata = { ...typeToMetadata(type), ...space(shape, maxShape), chunks: chunks && [...chunks] }
  if (layout !== 'virtual') return metadata
  return {
    ...metadata,
    virtual_sources: (virtual ?? []).map(({ file, path }) => ({ file_name: file, dset_name: path })),
  }
}

function space(shape: readonly number[] | null, maxShape: readonly (number | null)[] | null) {
  return {
    total_size: shape === null ? 0 : shape.reduce((product, n) => product * n, 1),
    shape: shape && [...shape],
    maxshape: maxShape?.map((length) => length ?? UNLIMITED) ?? null,
  }
}
