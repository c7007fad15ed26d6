/**
 * One run of the database process: starts it, waits until it serves, and makes sure that it ends together
 * with this process, even when this process is killed.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { StartFailure } from '../start-failure.ts';

export interface EngineProcess {
  /** The process id of the database itself. */
  pid: number;
  /** Settles when the database process has exited for any reason. */
  exited: Promise<void>;
  /** Stops the database: gracefully where there are signals, so that it merges its write-ahead log into the file. */
  stop(): Promise<void>;
}

/**
 * A shell script that runs the database and ends it when the pipe on standard input closes; the kernel closes
 * that pipe even if this process is killed. The script duplicates its standard input because shells give
 * background commands an empty one.
 */
const watchScript = `
exec 3<&0
"$0" "$@" </dev/null 3<&- &
database=$!
echo "pid $database"
( cat <&3 >/dev/null; kill -TERM $database 2>/dev/null ) >/dev/null 2>&1 &
wait $database
`;

const watcherFile = fileURLToPath(new URL('engine-watcher.mjs', import.meta.url));

/** Returns the program that runs the database with these arguments, and ends it together with this process. */
export function watchedCommand(
  platform: NodeJS.Platform,
  binary: string,
  args: readonly string[],
): { program: string; args: string[] } {
  if (platform === 'win32') return { program: process.execPath, args: [watcherFile, binary, ...args] };
  return { program: '/bin/sh', args: ['-c', watchScript, binary, ...args] };
}

/** Starts the engine on a database file and a port, and waits until it answers. */
export async function startEngineProcess(
  binary: string,
  databaseFile: string,
  port: number,
  platform: NodeJS.Platform = process.platform,
): Promise<EngineProcess> {
  const engineArguments = ['--host', '127.0.0.1', '--port', String(port), '--db-path', databaseFile];
  const { program, args } = watchedCommand(platform, binary, engineArguments);
  // In a separate process group, so that Ctrl-C in a terminal does not end the database before the functions.
  const child = spawn(program, args, {
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(() => undefined);
  child.stdin.on('error', () => undefined);
  let errorOutput = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (errorOutput = (errorOutput + text).slice(-500)));

  const pid = await processIdOf(child);
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!hasExited() && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 5));
  if (hasExited())
    throw new StartFailure(
      `The database engine did not start: ${errorOutput.trim() || 'it exited without an error message'}`,
    );

  return {
    pid,
    exited,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

async function processIdOf(child: ChildProcess): Promise<number> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const pid = /^pid (\d+)$/.exec(line)?.[1];
    if (pid !== undefined) {
      child.stdout!.resume();
      return Number(pid);
    }
  }
  throw new StartFailure('The database engine exited before it reported its process id');
}

/** An open port is not enough: before the engine answers, a signal ends it without merging its log. */
async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).ok;
  } catch {
    return false;
  }
}
