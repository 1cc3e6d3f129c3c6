import { invalidArgument } from '../errors.js'
import type { DatasetInfo, Type } from '../hdf5/index.js'
import { compoundOf, floatOf, integerOf, referenceTo, SIZE_IN_MEMORY, stringOf } from './dtype.js'
import { type EnumTypeMetadata, type Metadata, TYPE_CLASS } from './types.js'

const paddings = ['null-terminated', 'null-padded', 'space-padded'] as const

/** A type as h5wasm tells it. */
export function typeToMetadata(type: Type): Metadata {
  const littleEndian = !('order' in type) || type.order === 'little'
  const simple = { signed: false, vlen: false, littleEndian }
  switch (type.class) {
    case 'integer':
      return { ...integerOf(type.size, type.signed), littleEndian }
    case 'float':
      return { ...floatOf(type.size), littleEndian }
    case 'string': {
      const length = type.size === 'variable' ? null : type.size
      const strpad = paddings.indexOf(type.padding)
      return { ...stringOf(length, type.charset === 'ascii' ? 0 : 1), littleEndian: false, strpad }
    }
    case 'compound': {
      const members = type.members.map((member) => ({
        ...typeToMetadata(member.type),
        name: member.name,
        offset: member.offset,
        shape: [],
      }))
      return { ...compoundOf(members), size: type.size }
    }
    case 'complex': {
      const base = { ...typeToMetadata(type.base), shape: [] }
      return compoundOf([
        { ...base, name: 'r', offset: 0 },
        { ...base, name: 'i', offset: type.base.size },
      ])
    }
    case 'bool':
      return enumOf(integerOf(1, true), { FALSE: 0, TRUE: 1 })
    case 'enum':
      return enumOf(typeToMetadata(type.base), type.members)
    case 'array': {
      const base = typeToMetadata(type.base)
      const total_size = type.shape.reduce((product, n) => product * n, 1)
      const array_type = { ...base, shape: [...type.shape], total_size }
      return { ...base, signed: false, type: TYPE_CLASS.array, vlen: false, size: base.size * total_size, array_type }
    }
    case 'vlen': {
      const vlen_type = typeToMetadata(type.base)
      const { littleEndian } = vlen_type
      return { ...simple, littleEndian, type: TYPE_CLASS.vlen, size: SIZE_IN_MEMORY.vlen, vlen_type }
    }
    case 'reference':
      return { ...referenceTo(type.to === 'region' ? 'region' : 'object'), littleEndian: false }
    default:
      return { ...simple, type: TYPE_CLASS[type.class], size: type.size }
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

/** The type that a dtype's metadata ask for. */
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
      const members = metadata.compound_type!.members.map((member) => ({
        name: member.name,
        type: metadataToType(member),
        offset: member.offset,
      }))
      return { class: 'compound', size, members }
    }
    case TYPE_CLASS.array: {
      const base = metadata.array_type!
      return { class: 'array', base: metadataToType(base), shape: base.shape ?? [] }
    }
    case TYPE_CLASS.vlen:
      return { class: 'vlen', base: metadataToType(metadata.vlen_type!) }
    default:
      throw invalidArgument('dtype', metadata, 'a type of integers, floats, strings, references, or compounds or arrays of them')
  }
}

// H5S_UNLIMITED, as the number that h5wasm makes of it.
const UNLIMITED = 2 ** 64

/** Type and space of an attribute. */
export function attributeMetadata(type: Type, shape: readonly number[] | null): Metadata {
  return { ...typeToMetadata(type), ...space(shape, shape), chunks: null }
}

/** Type, space and layout of a dataset. */
export function datasetMetadata(info: DatasetInfo): Metadata {
  const { type, shape, maxShape, chunks, layout, virtual } = info
  const metadata = { ...typeToMetadata(type), ...space(shape, maxShape), chunks: chunks && [...chunks] }
  if (layout !== 'virtual') return metadata
  return { ...metadata, virtual_sources: (virtual ?? []).map(({ file, path }) => ({ file_name: file, dset_name: path })) }
}

function space(shape: readonly number[] | null, maxShape: readonly (number | null)[] | null) {
  return {
    total_size: shape === null ? 0 : shape.reduce((product, n) => product * n, 1),
    shape: shape && [...shape],
    maxshape: maxShape && maxShape.map((length) => length ?? UNLIMITED),
  }
}
