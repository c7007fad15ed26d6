/**
 * Runs the database on Windows, where there is no shell to do it, and ends it when the pipe on standard input closes: the
 * system closes that pipe even if the runtime is killed. It is plain JavaScript, so that it starts without compiling.
 */

import { spawn } from 'node:child_process';

const [binary, ...args] = process.argv.slice(2);
const database = spawn(binary, args, { stdio: ['ignore', 'ignore', 'inherit'], windowsHide: true });
database.once('spawn', () => process.stdout.write(`pid ${database.pid}\n`));
database.once('error', ({ message }) => {
  process.stderr.write(`${message}\n`);
  process.exit(1);
});
database.once('exit', (code) => process.exit(code ?? 1));
process.stdin.once('close', () => database.kill());
process.stdin.resume();
