/** `npm run smoke`: tries a deployed stage, or a local runtime, as two users would. */
import { addressesFrom, addressOptions } from './addresses.ts';
import { command, execute, processTerminal } from './command-line.ts';
import { smoke } from './smoke/smoke.ts';

process.exitCode = await execute(
  command({
    usage: 'npm run smoke --',
    summary:
      'Loads the page and the documentation, registers two users, opens sockets, sends messages, loses a connection and\n' +
      'resumes, reads the history, deletes what it made, and says which step failed.\n' +
      'The exit code is 1 when a step failed, and 2 for wrong arguments.',
    options: addressOptions,
    run: async (values) => ((await smoke(await addressesFrom(values), processTerminal)) ? 0 : 1),
  }),
  process.argv.slice(2),
);
