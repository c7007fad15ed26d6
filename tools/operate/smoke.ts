/** `npm run smoke`: tries a deployed stage, or a local runtime, as two users would. */
import { addressesFrom, addressOptions } from './addresses.ts';
import { command, execute, processTerminal } from './command-line.ts';
import { smoke } from './smoke/smoke.ts';

process.exitCode = await execute(
  command({
    usage: 'npm run smoke --',
    summary:
      'Registers two users, opens sockets, sends messages, loses a connection and resumes, reads the health and the\n' +
      'history, deletes what it made, and says which step failed.\n' +
      'The exit code is 1 when a step failed, and 2 for wrong arguments.',
    options: addressOptions,
    run: async (values) => ((await smoke(await addressesFrom(values), processTerminal)) ? 0 : 1),
  }),
  process.argv.slice(2),
);
