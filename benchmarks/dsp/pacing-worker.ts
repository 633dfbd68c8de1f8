/** A frame clock on a worker thread: notes how late each frame was, and sends that home when it is told to stop. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';

const frameMs = workerData as number;
const bed = new Int32Array(new SharedArrayBuffer(4));
const lateMs: number[] = [];
const startedMs = performance.now();
if (!parentPort) throw new Error('This file is a worker thread');
for (let frames = 1; receiveMessageOnPort(parentPort) === undefined; frames++) {
  const dueMs = startedMs + frames * frameMs;
  Atomics.wait(bed, 0, 0, dueMs - performance.now());
  lateMs.push(performance.now() - dueMs);
}
// The thread's start is not a frame.
parentPort.postMessage(lateMs.slice(10));
