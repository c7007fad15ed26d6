/** Load for chaos scenarios: clients that send one message after another. */
import { seeded } from './random.ts';
import type { SteadyClient } from './steady-client-interface.ts';

export interface LoadOptions {
  /** The random seed. Each client has a sequence of its own. */
  seed: number;
  sendsPerClient: number;
  /** The share of messages that are sent over HTTP instead of the socket. */
  overHttp: number;
}

/**
 * Lets every client send its messages. Most have a `client_id` and are repeated until they are acknowledged; some have
 * none and are sent once. Returns how many of those with a `client_id` were given up.
 */
export async function sendFromAll(
  clients: readonly SteadyClient[],
  { seed, sendsPerClient, overHttp }: LoadOptions,
): Promise<number> {
  const givenUp = await Promise.all(
    clients.map(async (client, index) => {
      const random = seeded(seed, index);
      let count = 0;
      for (let sending = 0; sending < sendsPerClient; sending += 1) {
        const content = `${client.person.username} says ${sending}`;
        if (random.chance(0.3)) client.sendOnce(`${content} once`);
        const over = random.chance(overHttp) ? 'http' : 'socket';
        if (!(await client.send({ content, clientId: `c${sending}`, over }))) count += 1;
      }
      return count;
    }),
  );
  return givenUp.reduce((sum, one) => sum + one, 0);
}
