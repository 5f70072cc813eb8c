/** What the compute client needs of a child process; each host that cannot fork gives its own. */
export interface ComputeProcess {
  readonly pid: number | undefined;
  /** Structured clone: typed arrays arrive as typed arrays. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once. `signal` is null where the platform does not tell it. */
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  /** Ends it at once. */
  kill(): void;
}

/** Starts the built worker with the given variables added to the environment. */
export type SpawnCompute = (workerPath: string, env: Readonly<Record<string, string>>) => ComputeProcess;
