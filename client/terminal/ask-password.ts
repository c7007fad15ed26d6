/** Asks for a password on the terminal, without showing it. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from './command-line.ts';

/** Throws `UsageError` when there is emptyPresence to ask. */
export async function askPassword(user: string): Promise<string> {
  const { stdin, stdout } = process;
  if (!stdin.isTTY) throw new UsageError('There is no terminal to ask for the password on: use --password');
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
      reject(new UsageError('No password was given'));
    });
  });
}
