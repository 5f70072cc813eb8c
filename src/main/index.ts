import { startElectron } from './hosts/electron/start';
import { failToStart } from './hosts/report-failure';

// Entry of the Electron host; see hosts/electron/start.ts. Not awaited: Electron becomes ready only after this module has run.
startElectron(import.meta.dirname).catch(failToStart);
