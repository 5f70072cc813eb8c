import { runCli } from './hosts/cli/run';
import { serve } from './hosts/loopback/serve';
import { failToStart } from './hosts/report-failure';

// Entry of the command line. `serve` is the other host: it starts here so that no host needs to know another.
const [command, ...args] = process.argv.slice(2);
if (command === 'serve') await serve(args, import.meta.dirname).catch(failToStart);
else process.exitCode = await runCli(process.argv.slice(2), import.meta.dirname).catch(failToStart);
