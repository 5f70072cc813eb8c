import type { ProjectFileSummary } from './types';

export declare function summary(path: string): ProjectFileSummary;
