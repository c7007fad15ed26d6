/** Tries what the documentation of AWS leaves open or contradicts, with users and a room of its own, and reports it. */
import type { ChatAddresses } from '../../../functions/canary/chat-api.ts';
import type { Terminal } from '../command-line.ts';
import { createGuestRoom, deleteGuest, deleteGuestRoom, registerGuest, signInGuest } from '../guests.ts';
import { largePost, manyPosts } from './connection-probes.ts';
import { fileToAddress } from './file-probes.ts';
import { deleteWithBody, preflights, transactionOfEachRole } from './http-probes.ts';
import type { Finding, OperatorAccess, Probe, Subject } from './probe.ts';
import { abortedHandshakes, socketAddresses } from './socket-probes.ts';

const probes: readonly Probe[] = [
  preflights,
  deleteWithBody,
  transactionOfEachRole,
  socketAddresses,
  abortedHandshakes,
  fileToAddress,
  manyPosts,
  // Last, since it may cost the socket.
  largePost,
];

export interface FirstHourOptions {
  addresses: ChatAddresses;
  operator?: OperatorAccess;
  origin: string;
  timeoutMs?: number;
}

/** Returns whether the platform did everything as the project assumes. */
export async function firstHour(
  { addresses, operator, origin, timeoutMs = 20_000 }: FirstHourOptions,
  terminal: Terminal,
): Promise<boolean> {
  const owner = await registerGuest(addresses, 'first-hour');
  const member = await registerGuest(addresses, 'first-hour');
  await signInGuest(addresses, owner);
  await signInGuest(addresses, member);
  const room = await createGuestRoom(addresses, { owner, member, prefix: 'first-hour' });
  const subject: Subject = {
    addresses,
    hasEdge: new URL(addresses.webSocket).pathname === '/ws',
    ...(operator !== undefined && { operator }),
    origin,
    owner,
    member,
    room,
    timeoutMs,
  };
  let isAsAssumed = true;
  try {
    for (const probe of probes) {
      const finding = await attempt(probe, subject);
      isAsAssumed &&= finding?.isAsAssumed ?? true;
      report(probe, finding, terminal);
    }
  } finally {
    await deleteGuestRoom(addresses, owner, room);
    await deleteGuest(addresses, member);
    await deleteGuest(addresses, owner);
  }
  terminal.print(
    isAsAssumed
      ? 'The platform does what the project assumes.'
      : 'The platform differs: compare docs/differences.md, and open an issue with this output.',
  );
  return isAsAssumed;
}

/** Undefined when the probe needs credentials that are not there. */
async function attempt(
  { needsOperator = false, run }: Probe,
  subject: Subject,
): Promise<Finding | undefined> {
  if (needsOperator && subject.operator === undefined) return undefined;
  try {
    return await run(subject);
  } catch (error) {
    // A probe that cannot be carried out is a finding as well, and the others are independent of it.
    return { isAsAssumed: false, found: error instanceof Error ? error.message : String(error) };
  }
}

function report({ name, assumption }: Probe, finding: Finding | undefined, terminal: Terminal): void {
  const outcome = finding === undefined ? 'not tried' : finding.isAsAssumed ? 'as assumed' : 'DIFFERENT';
  terminal.print(`${outcome.padEnd(10)}  ${name}`);
  terminal.print(`            assumed: ${assumption}`);
  terminal.print(
    `            found:   ${finding?.found ?? 'it needs --stage, and credentials for the table and the connections'}`,
  );
}
