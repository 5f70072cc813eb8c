export { cusum } from './cusum';
export { ewma } from './ewma';
