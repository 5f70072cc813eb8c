import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { quiet, root, run, say } from './setup/shell.mjs';

const help = `Usage: npm start -- [options]

Sets Faultline up where needed and starts the workbench.

  --port N       port of the loopback host (default: a free one)
  --data DIR     folder of projects and settings (default: the user's own)
  --no-open      do not open a window or browser; print the address only
  --browser      use the browser even where the Electron window could open
  --help         this text
`;

/** Path of Electron's binary, or why there is none. */
function electron(node) {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return { why: 'this session has no display' };
  const folder = join(root, 'node_modules/electron');
  const note = join(folder, 'path.txt');
  const binary = () => (existsSync(note) ? join(folder, 'dist', readFileSync(note, 'utf8').trim()) : '');
  if (existsSync(binary())) return { path: binary() };
  say('fetching the Electron binary (once)');
  const result = quiet(node, ['install.js'], { cwd: folder, timeout: 600_000 });
  if (existsSync(binary())) return { path: binary() };
  const reason = /^.*Error: .*$/m.exec(result.error)?.[0] ?? result.error.trim().split('\n')[0] ?? '';
  return { why: `its binary could not be downloaded${reason ? ` (${reason.slice(0, 200)})` : ''}` };
}

/** `npm start`: the Electron window where its binary can be had, else the loopback host; says which, and why. */
export async function start(args, setup) {
  let options;
  try {
    options = parseArgs({
      args,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        'no-open': { type: 'boolean' },
        browser: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${help}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  const node = await setup();
  const shared = options.data ? ['--data', options.data] : [];
  const window = options.browser || options['no-open'] || options.port ? { why: 'the browser was asked for' } : electron(node);
  if (window.path) {
    say('starting in the Electron window');
    return run(window.path, [root, ...shared, '--sample']);
  }
  say(`starting in the browser: ${window.why}`);
  return run(node, [
    join(root, 'out/main/serve.js'),
    ...shared,
    ...(options.port ? ['--port', options.port] : []),
    ...(options['no-open'] ? ['--no-open'] : []),
    '--sample',
  ]);
}
