/** What has names, and maybe the order in which they were made. */
interface Named {
  keysSync(options?: { order?: 'name' | 'creation' }): string[]
}

/** Names in the order in which they were made where the file tracks it, as h5wasm gives them; else by name. */
export function namesInOrder(holder: Named & { readonly tracksOrder: boolean }): string[] {
  return holder.keysSync({ order: holder.tracksOrder ? 'creation' : 'name' })
}
