/** Passes the role of owner to the oldest member when the account of the owner is deleted. */
import { ChatError } from '../chat-error.ts';
import type { Member } from '../model.ts';
import { newMembershipEntry, newVoidEntry } from '../messages/new-entry.ts';
import type { LogStore } from '../ports/log.ts';
import type { MemberStore } from '../ports/rooms.ts';
import type { Clock } from '../ports/system.ts';
import { appendMembership } from './members.ts';

export interface PassRolePorts {
  members: Pick<MemberStore, 'list' | 'passRole'>;
  log: LogStore;
  clock: Clock;
}

const membersPerPage = 100;
/** In a room of more members the heir is the oldest of this many: how many there are is up to its users. */
const maxPages = 10;
const maxAttempts = 10;

/**
 * Passes the role on, as an entry of the room's log. Can be repeated: nothing happens when it was done before. False
 * when nobody is there to inherit it.
 * @throws `not_found` when the room is gone, `try_again` when one heir after the other left
 */
export async function passOwnershipToSuccessor(
  ports: PassRolePorts,
  roomId: string,
  from: string,
): Promise<boolean> {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const heir = await oldestMember(ports, roomId, from);
    if (heir === undefined) return false;
    const passed: Member = { ...heir, role: 'owner' };
    const { head, outcome } = await appendMembership(
      ports.log,
      { roomId, forMessage: false, at: ports.clock.now() },
      (head) =>
        ports.members.passRole(
          { roomId, from, to: heir.userId },
          newMembershipEntry(head, 'member_updated', passed),
        ),
    );
    if (outcome === 'passed') return true;
    await ports.log.putVoid(newVoidEntry(head, false));
    if (outcome === 'passed_before') return true;
    // The heir left at the same moment, and is not in the list any more.
  }
  throw new ChatError('try_again');
}

async function oldestMember(
  { members }: Pick<PassRolePorts, 'members'>,
  roomId: string,
  except: string,
): Promise<Member | undefined> {
  let oldest: Member | undefined;
  let after: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const { items, next } = await members.list(roomId, membersPerPage, after);
    // In the order of their ids, so of members who joined at the same moment the first one stays.
    for (const member of items) {
      const isOlder = oldest === undefined || member.joinedAt < oldest.joinedAt;
      if (member.userId !== except && isOlder) oldest = member;
    }
    if (next === undefined) break;
    after = next;
  }
  return oldest;
}
