// List the contents of any HDF5 file: groups, datasets with type, shape and filters, attributes, links.
import { Dataset, File, Group, spell } from 'h5tracks/hdf5'

const [path] = process.argv.slice(2)
if (!path) {
  console.error('usage: node inspect.mjs FILE')
  process.exit(2)
}

/** @param {import('h5tracks/hdf5').Type} type */
const typeName = (type) =>
  spell(type) ?? (type.class === 'compound' ? `{ ${type.members.map(({ name }) => name).join(', ')} }` : type.class)

/**
 * @param {import('h5tracks/hdf5').AnyObject} object
 * @param {number} depth
 */
function show(object, depth) {
  const indent = '  '.repeat(depth)
  for (const name of object.attributes.keysSync()) {
    const { type, shape } = object.attributes.infoSync(name)
    console.log(`${indent}@${name}: ${typeName(type)} ${JSON.stringify(shape)}`)
  }
  if (!(object instanceof Group)) return
  for (const link of object.linksSync()) {
    if (link.type === 'soft') console.log(`${indent}${link.name} -> ${link.path}`)
    else if (link.type === 'external') console.log(`${indent}${link.name} -> ${link.file}:${link.path}`)
    else if (link.type === 'hard') {
      const child = object.getSync(link.name)
      console.log(`${indent}${link.name}${described(child)}`)
      show(child, depth + 1)
      child.close()
    }
  }
}

/** @param {import('h5tracks/hdf5').AnyObject} object */
function described(object) {
  if (object instanceof Group) return '/'
  if (!(object instanceof Dataset)) return `: type ${typeName(object.type)}`
  const { type, shape, layout, filters } = object.detailsSync()
  return `: ${typeName(type)} ${JSON.stringify(shape)} ${layout}${filters.map(({ name }) => ` ${name}`).join('')}`
}

const file = new File(path)
show(file, 0)
file.closeSync()
