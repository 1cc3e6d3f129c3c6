// An HDF5 file without a disk: created in memory, sent in an HTTP response, and read from the received bytes.
import { createServer } from 'node:http'
import { File } from 'h5tracks/hdf5'

const server = createServer(async (_request, response) => {
  const file = await File.inMemory()
  const sine = Float64Array.from({ length: 1000 }, (_, i) => Math.sin(i / 100))
  await file.createDataset('sine', { type: 'float64', chunks: [250], filters: [{ deflate: 4 }] }, sine)
  const bytes = await file.toBuffer()
  await file.close()
  response.writeHead(200, { 'content-type': 'application/x-hdf5' }).end(bytes)
})
server.listen(0, '127.0.0.1', async () => {
  const answer = await fetch(
    `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/sine.h5`,
  )
  const file = await File.fromBuffer(Buffer.from(await answer.arrayBuffer()))
  const { data, shape } = await (await file.dataset('sine', 'float64')).read()
  console.log(`${shape[0]} values, the last ${data.at(-1)?.toFixed(3)}`)
  await file.close()
  server.close()
})
