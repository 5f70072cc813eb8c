/** Gives a plain child process the `process.parentPort` of an Electron utility process. */
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
process.on('message', (message) => port.emit('message', { data: message }));
process.on('disconnect', () => process.exit(0));
process.parentPort = Object.assign(port, { postMessage: (message) => process.connected && process.send(message) });
