/** The script of a worker thread: runs tasks of the tables of src/io and src/engine, one message each, files opened by their names. */
import { parentPort } from 'node:worker_threads';
import { buffersIn, freeBuffers } from '../core/free-buffers.ts';
import { taskNamed } from '../core/tasks.ts';
import { TASKS } from '../engine/all-tasks.ts';
import { useNodeCodecs } from './codecs.ts';
import { collectGarbage } from './garbage.ts';
import { workerFiles } from './web-files.ts';
import { type FromWorker, packError, type ToWorker } from './worker-messages.ts';

useNodeCodecs();
const services = workerFiles();
const port = parentPort!;
const running = new Map<number, AbortController>();

port.on('message', async (message: ToWorker) => {
  if (message.kind === 'collect') {
    collectGarbage();
    return;
  }
  if (message.kind === 'abort') {
    running.get(message.id)?.abort();
    return;
  }
  const { id, task, input } = message;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const { output, transfer } = await taskNamed(TASKS, task)(input, { signal: controller.signal, services });
    // biome-ignore lint/suspicious/noExplicitAny: the Transferable of browsers and that of Node name the same buffers
    port.postMessage({ id, output } satisfies FromWorker, transfer as any);
    // A task keeps nothing; what was moved or copied to the caller is there by now.
    freeBuffers(buffersIn(input));
    freeBuffers(buffersIn(output));
  } catch (error) {
    port.postMessage({ id, error: packError(error) } satisfies FromWorker);
  } finally {
    running.delete(id);
  }
});
