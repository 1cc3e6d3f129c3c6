// The classes of h5wasm know one another. Each imports the others from here, so that they are made in this order.

export * from './dataset.js'
export * from './entity.js'
export * from './file.js'
export * from './group.js'
export * from './links.js'
export * from './region.js'
