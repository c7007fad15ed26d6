/**
 * Owns one run of the database process: starting it, knowing when it serves, and that it ends with this
 * process, however this process ends. It knows nothing of tables.
 */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { StartFailure } from '../start-failure.ts';

export interface EngineProcess {
  /** Process id of the database itself. */
  pid: number;
  /** Settles when the database process is gone, for whatever reason. */
  exited: Promise<void>;
  /** Ends it in the orderly way, which folds the write-ahead log into the database file. */
  stop(): Promise<void>;
}

/**
 * A shell keeps watch over the database: when the pipe on its standard input closes, which the kernel does
 * even if this process is killed outright, it ends the database. Its standard input is duplicated because
 * shells give background commands an empty one.
 */
const watchScript = `
exec 3<&0
"$0" "$@" </dev/null 3<&- &
database=$!
echo "pid $database"
( cat <&3 >/dev/null; kill -TERM $database 2>/dev/null ) >/dev/null 2>&1 &
wait $database
`;

/** Starts the engine on a database file and port, and waits until it answers. */
export async function startEngineProcess(
  binary: string,
  databaseFile: string,
  port: number,
): Promise<EngineProcess> {
  const engineArguments = ['--host', '127.0.0.1', '--port', String(port), '--db-path', databaseFile];
  // In a group of its own, so that Ctrl-C in a terminal does not end the database before its users.
  const child = spawn('/bin/sh', ['-c', watchScript, binary, ...engineArguments], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(() => undefined);
  child.stdin.on('error', () => undefined);
  let diagnosis = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (diagnosis = (diagnosis + text).slice(-500)));

  const pid = await processIdOf(child);
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  while (!gone() && !(await answers(port))) await new Promise((resolve) => setTimeout(resolve, 5));
  if (gone())
    throw new StartFailure(`The database engine did not start: ${diagnosis.trim() || 'it gave no reason'}`);

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
  throw new StartFailure('The database engine could not be started');
}

/** A connection alone proves too little: until the engine answers, a signal ends it without folding its log. */
async function answers(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/`)).ok;
  } catch {
    return false;
  }
}
