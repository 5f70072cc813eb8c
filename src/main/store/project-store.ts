import type { OpenOptions, ProjectReader, ProjectStore } from './types';

export declare function openProject(path: string, options?: OpenOptions): ProjectStore;
export declare function openReader(path: string): ProjectReader;
