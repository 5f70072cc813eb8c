import { parentPort, workerData } from 'node:worker_threads';
import { takeBlocks, type RowOrder } from './row-order';

/** Entry of a thread of the compute process that shares rows with it. Its number is its `workerData`. */
parentPort!.on('message', (order: RowOrder) => takeBlocks(order, workerData as number));
