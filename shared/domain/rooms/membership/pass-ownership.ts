/** Passes the role of owner to the oldest member when the account of the owner is deleted. */
import { ChatError } from '../../chat-error.ts';
import { newMembershipEntry, newVoidEntry } from '../../messages/new-entry.ts';
import type { Member } from '../../model/rooms.ts';
import type { LogStore } from '../../ports/log.ts';
import type { MemberStore } from '../../ports/rooms.ts';
import type { Clock } from '../../ports/system.ts';
import { appendMembership } from './append-membership.ts';

export interface PassOwnershipPorts {
  members: Pick<MemberStore, 'list' | 'passRole'>;
  log: LogStore;
  clock: Clock;
}

const membersPerPage = 100;
/** Bounds the search: in a larger room the successor is the oldest of the members on the first pages. */
const maxPages = 10;
const maxAttempts = 10;

/**
 * Passes the role on with an entry of the room's log. Calling it again changes nothing. Returns false when the room has no
 * other member.
 * @throws ChatError `not_found` when the room is gone, `try_again` when each chosen successor left at the same moment.
 */
export async function passOwnershipToSuccessor(
  ports: PassOwnershipPorts,
  roomId: string,
  fromUserId: string,
): Promise<boolean> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const successor = await oldestMember(ports, roomId, fromUserId);
    if (successor === undefined) return false;
    const owner: Member = { ...successor, role: 'owner' };
    const { head, outcome } = await appendMembership(
      ports.log,
      { roomId, forMessage: false, at: ports.clock.now() },
      (head) =>
        ports.members.passRole(
          { roomId, from: fromUserId, to: successor.userId },
          newMembershipEntry(head, 'member_updated', owner),
        ),
    );
    if (outcome === 'passed') return true;
    await ports.log.putVoids([newVoidEntry(head, false)]);
    if (outcome === 'passed_before') return true;
    // The successor left at the same moment and is no longer listed: choose another one.
  }
  throw new ChatError('try_again');
}

async function oldestMember(
  { members }: Pick<PassOwnershipPorts, 'members'>,
  roomId: string,
  exceptUserId: string,
): Promise<Member | undefined> {
  let oldest: Member | undefined;
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { items, next } = await members.list(roomId, membersPerPage, after);
    // Listed by user id, so of members who joined at the same moment the one with the lowest id is chosen.
    for (const member of items) {
      const isOlder = oldest === undefined || member.joinedAtMs < oldest.joinedAtMs;
      if (member.userId !== exceptUserId && isOlder) oldest = member;
    }
    if (next === undefined) break;
    after = next;
  }
  return oldest;
}
