import type { MethodName, Params, Result } from '../../contract/methods';
import type { Topic, Topics } from '../../contract/topics';
import type { ExportedFile, Reply, Transport, WireError } from '../../contract/types';
import { FaultlineError } from '../../core/errors';
import { electronTransport } from './electron-transport';
import { createHttpTransport } from './http-transport';

/** A file the user chose, held by the host under a token. The renderer never sees a path. */
export interface ChosenFile {
  readonly fileToken: string;
  readonly name: string;
}
export interface ConnectionChange {
  readonly up: boolean;
  /** True when it had been lost before: what was pushed in between is missing. */
  readonly again?: boolean;
}
export type FilePurpose = 'data' | 'labels' | 'project';

/** The error as the application threw it; the incident number of the local log, when there is one, is in `details.incident`. */
export function fromWire(error: WireError): FaultlineError {
  return new FaultlineError(
    error.code,
    error.message,
    error.incident ? { ...error.details, incident: error.incident } : error.details,
  );
}

function unwrap<T>(reply: Reply<T>): T {
  if (reply.ok) return reply.value;
  throw fromWire(reply.error);
}

/** What the hosts accept as a suggestion in the browser's file dialog. */
const accepts: Record<FilePurpose, string> = {
  data: '.csv,.tsv,.txt,text/csv',
  labels: '.csv,.json,.txt',
  project: '.faultline',
};

/** The browser's own dialog; undefined when it was closed without a choice. */
function pickInBrowser(purpose: FilePurpose): Promise<File | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accepts[purpose];
    input.hidden = true;
    input.dataset['purpose'] = purpose;
    const finish = (): void => {
      input.remove();
      resolve(input.files?.[0]);
    };
    input.addEventListener('change', finish, { once: true });
    input.addEventListener('cancel', finish, { once: true });
    document.body.append(input);
    input.click();
  });
}

/** The typed client of the application; the same in every host. */
export interface Api {
  /** @throws FaultlineError as the application threw it. */
  call<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Gives the function that ends the subscription. */
  subscribe<T extends Topic>(topic: T, listener: (event: Topics[T]) => void): () => void;
  /** Hears when the host was lost and found again. Hosts in the same process never tell. */
  onConnection(listener: (change: ConnectionChange) => void): () => void;
  /** Asks the user for a file, by the host's dialog or the browser's; null when there was no choice. */
  choose(purpose: FilePurpose): Promise<ChosenFile | null>;
  /** Hands over a dropped file. */
  upload(file: File): Promise<ChosenFile>;
  /** Saves an exported file where the user wants it; false when the dialog was closed. */
  deliver(file: ExportedFile): Promise<boolean>;
}

/** Wraps a transport into the typed client. */
export function createApi(transport: Transport): Api {
  const upload = async (file: File): Promise<ChosenFile> => unwrap(await transport.upload(file));
  return {
    // Vue's proxies cannot be cloned between processes: what is sent is a plain copy.
    call: async (method, params) =>
      unwrap(await transport.call(method, JSON.parse(JSON.stringify(params)))) as Result<typeof method>,
    subscribe: (topic, listener) => transport.subscribe(topic, (event) => listener(event as Parameters<typeof listener>[0])),
    onConnection: (listener) => transport.subscribe('connection', (event) => listener(event as ConnectionChange)),
    choose: async (purpose) => {
      if (transport.chooseFile) return unwrap(await transport.chooseFile(purpose));
      const file = await pickInBrowser(purpose);
      return file ? upload(file) : null;
    },
    upload,
    deliver: async (file) => unwrap(await transport.deliver(file)).saved,
  };
}

/** The one client of this window. */
export const api: Api = createApi(electronTransport() ?? createHttpTransport());
