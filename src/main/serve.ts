import { serve } from './hosts/loopback/serve';
import { failToStart } from './hosts/report-failure';

// Entry of the loopback host; see hosts/loopback/serve.ts.
await serve(process.argv.slice(2), import.meta.dirname).catch(failToStart);
