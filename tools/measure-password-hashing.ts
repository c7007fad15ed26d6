/**
 * Prints how long one password hash takes on this machine at several values of BCRYPT_COST:
 * `npx tsx tools/measure-password-hashing.ts`. Each step doubles the time, for an attacker who guesses passwords as well.
 */
import { passwordHasher } from '../functions/accounts/passwords.ts';

const costs = [8, 9, 10, 11, 12, 13];
const rounds = 5;

const pepper = async (): Promise<string> => 'a pepper for measuring only';
const secrets = { current: pepper, all: async () => [await pepper()], newest: async () => [await pepper()] };

/** Returns the median CPU time of this process, in milliseconds, so that other load does not distort it. */
async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? 0;
}

process.stdout.write(`Node ${process.versions.node}, ${process.arch}\ncost  hash ms  verify ms\n`);
for (const cost of costs) {
  const hasher = passwordHasher(secrets, cost);
  const stored = await hasher.hash('correct-horse-7');
  const hashMs = await medianMs(() => hasher.hash('correct-horse-7'));
  const verifyMs = await medianMs(() => hasher.verify('correct-horse-7', stored));
  process.stdout.write(
    `${String(cost).padStart(4)}  ${hashMs.toFixed(0).padStart(7)}  ${verifyMs.toFixed(0).padStart(9)}\n`,
  );
}
