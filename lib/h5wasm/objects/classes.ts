// biome-ignore-all assist/source/organizeImports: the classes of h5wasm know one another. Each imports the others from here, so that they are made in this order, first what the others extend.
export * from './entity.js'
export * from './group.js'
export * from './dataset.js'
export * from './region.js'
