import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** Lets Node run a source of ours as it is. */
export const loader = pathToFileURL(resolve(import.meta.dirname, 'ts-loader.mjs')).href;
export const sourceFlags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning', '--import', loader];
