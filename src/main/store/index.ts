/** The project file: one SQLite database that holds everything about one investigation. All SQL of the product is in this folder. */
export { openProject, openReader } from './project-store';
export { summary } from './summary';
export type * from './types';
