import type { Topic, Topics } from '../contract/topics';

/** Pushed events inside the application; hosts forward them. */
export interface Publisher {
  publish<T extends Topic>(topic: T, event: Topics[T]): void;
  subscribe<T extends Topic>(topic: T, listener: (event: Topics[T]) => void): () => void;
}

export function createPublisher(): Publisher {
  const listeners: { readonly [T in Topic]: Set<(event: Topics[T]) => void> } = {
    job: new Set(),
    'job.detail': new Set(),
    project: new Set(),
  };
  return {
    publish(topic, event) {
      for (const listener of [...listeners[topic]]) listener(event);
    },
    subscribe(topic, listener) {
      listeners[topic].add(listener);
      return () => {
        listeners[topic].delete(listener);
      };
    },
  };
}
