/** Asks for a password in the terminal without echoing it. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from './command-line.ts';

/** @throws {UsageError} when the standard input is not a terminal, or the user presses Ctrl-C */
export async function askPassword(user: string): Promise<string> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) throw new UsageError('The input is not a terminal. Pass the password with --password');
  stdout.write(`Password for ${user}: `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    lines.once('line', (password) => {
      lines.close();
      stdout.write('\n');
      resolve(password);
    });
    lines.once('SIGINT', () => {
      lines.close();
      stdout.write('\n');
      reject(new UsageError('No password was entered'));
    });
  });
}
