// biome-ignore-all assist/source/organizeImports: h5wasm's classes refer to one another. Each imports the others from here, so that base classes are evaluated first.
export * from './entity.js'
export * from './group.js'
export * from './dataset.js'
export * from './region.js'
