import { utilityProcess } from 'electron';
import type { ComputeProcess, SpawnCompute } from '../../compute/process';

const lastWordsLength = 4000;

/** Starts the compute process as an Electron utility process, which needs no way to run the binary as plain Node. */
export const spawnUtility: SpawnCompute = (workerPath, env): ComputeProcess => {
  const child = utilityProcess.fork(workerPath, [], {
    env: { ...process.env, ...env },
    serviceName: 'Faultline compute',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let lastWords = '';
  let ended = false;
  child.stderr?.on('data', (part: Buffer) => {
    lastWords = (lastWords + part.toString('utf8')).slice(-lastWordsLength);
  });
  child.once('exit', () => {
    ended = true;
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => {
      if (!ended) child.postMessage(message);
    },
    onMessage: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.once('exit', (code) => listener(code, null, lastWords)),
    kill: () => {
      if (ended) return;
      // kill() of a utility process asks politely; a process inside a native call would not hear it.
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
};
