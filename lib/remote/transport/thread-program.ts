/** The program of the thread that makes requests. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { exchange } from './exchange.js'
import { fingerprint } from './fingerprint.js'
import type { Message, Reply } from './thread.js'

const port = parentPort as MessagePort
const reply = (said: Reply, transfer: ArrayBuffer[] = []) => port.postMessage(said, transfer)
const running = new Map<number, AbortController>()

port.on('message', async (message: Message) => {
  const { id } = message
  if ('abort' in message) {
    running.get(id)?.abort()
    return
  }
  const controller = new AbortController()
  running.set(id, controller)
  try {
    const answer = await exchange(message.question, controller.signal)
    reply({ id, answer }, [answer.bytes.buffer])
  } catch (error) {
    reply({ id, failure: (error as Error).message })
  } finally {
    running.delete(id)
  }
})

// Node makes its dispatcher with the first object of fetch.
new Headers()
reply({ fingerprint: fingerprint() })
