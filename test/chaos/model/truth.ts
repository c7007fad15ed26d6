/**
 * What ought to be, kept apart from the code that is tested: the rooms as a list of what was done to them, in the
 * order of seq. It takes the numbers that the log gave, and refuses an entry that nothing that was done can explain.
 */
import type { Item } from '../../../shared/storage/item.ts';

export interface TrueMessage {
  seq: number;
  senderId: string;
  clientId: string | undefined;
  content: string;
  isEdited: boolean;
  isDeleted: boolean;
}

export interface TrueRoom {
  id: string;
  name: string;
  isPrivate: boolean;
  creatorId: string;
  messages: Map<number, TrueMessage>;
  /** What was first sent under a client_id: by person and client_id. */
  keys: Map<string, string>;
  /** Of a private room. */
  members: Set<string>;
  /** When somebody was last removed. */
  removedAt: Map<string, number>;
  /** Entries that were taken in. */
  known: Set<number>;
}

/** What somebody set about to do to a room's log, and how often they were told that it was done. */
export interface Intents {
  /** Contents of messages and edits. */
  texts: Map<string, { userId: string; clientId: string | undefined; editOf: number | undefined }>;
  deletions: Map<number, string>;
  added: Set<string>;
  removed: Set<string>;
  described: boolean;
}

export const noIntents = (): Intents => ({
  texts: new Map(),
  deletions: new Map(),
  added: new Set(),
  removed: new Set(),
  described: false,
});

/** Takes in the entries that came; gives a sentence for each that cannot be. */
export function takeIn(room: TrueRoom, log: Item[], intents: Intents): string[] {
  const wrong: string[] = [];
  const fresh = log.filter((entry) => !room.known.has(entry['seq'] as number));
  for (const entry of fresh) {
    const problem = takeInEntry(room, entry, intents, log);
    if (problem !== undefined) wrong.push(`${room.name} ${entry['seq'] as number}: ${problem}`);
    room.known.add(entry['seq'] as number);
  }
  return wrong;
}

function takeInEntry(room: TrueRoom, entry: Item, intents: Intents, log: Item[]): string | undefined {
  const seq = entry['seq'] as number;
  const userId = entry['user_id'] as string;
  const targetSeq = entry['target_seq'] as number;
  switch (entry['kind']) {
    case 'void':
      return undefined;
    case 'message':
      return takeInMessage(room, entry, intents);
    case 'edit': {
      const target = room.messages.get(targetSeq);
      if (target === undefined || target.senderId !== userId) return 'an edit of what is not their own';
      if (target.isDeleted) return 'an edit of what had been deleted';
      const texts = [...intents.texts].filter(([, { editOf }]) => editOf === targetSeq);
      if (texts.length === 0) return 'an edit that nobody made';
      // Only the last of several edits can be seen: the message shows it.
      const shown = log.find((item) => item['seq'] === targetSeq)?.['content'];
      const [text] = texts.find(([content]) => content === shown) ?? texts[0]!;
      Object.assign(target, { content: text, isEdited: true });
      return undefined;
    }
    case 'delete': {
      const target = room.messages.get(targetSeq);
      if (target === undefined || target.senderId !== userId) return 'a deletion of what is not their own';
      if (target.isDeleted) return 'deleted twice';
      if (intents.deletions.get(targetSeq) !== userId) return 'a deletion that nobody made';
      target.isDeleted = true;
      return undefined;
    }
    case 'member_added':
      return takeInMember(room, entry, intents.added, (id) => void room.members.add(id));
    case 'member_removed':
      return takeInMember(room, entry, intents.removed, (id) => {
        room.members.delete(id);
        room.removedAt.set(id, seq);
      });
    case 'room_updated':
      return intents.described ? undefined : 'a change of the room that nobody made';
    default:
      return `an entry of the kind ${String(entry['kind'])}`;
  }
}

function takeInMessage(room: TrueRoom, entry: Item, { texts }: Intents): string | undefined {
  const [seq, senderId, content] = [
    entry['seq'] as number,
    entry['user_id'] as string,
    entry['content'] as string,
  ];
  const clientId = entry['client_id'] as string | undefined;
  const intent = texts.get(content);
  if (intent === undefined || intent.editOf !== undefined) return 'a message that nobody sent';
  if (intent.userId !== senderId || intent.clientId !== clientId) return 'sent by somebody else';
  const before = [...room.messages.values()].filter((other) => other.senderId === senderId);
  if (before.some((other) => clientId !== undefined && other.clientId === clientId))
    return 'stored twice for one client_id';
  if (before.some((other) => other.content === content)) return 'stored twice';
  if (clientId !== undefined) room.keys.set(`${senderId} ${clientId}`, content);
  room.messages.set(seq, { seq, senderId, clientId, content, isEdited: false, isDeleted: false });
  return undefined;
}

function takeInMember(
  room: TrueRoom,
  entry: Item,
  intended: Set<string>,
  change: (userId: string) => void,
): string | undefined {
  const { user_id: id } = entry['member'] as { user_id: string };
  if (!room.isPrivate) return intended.has(id) ? undefined : 'somebody who did not leave';
  const isMember = room.members.has(id);
  if (isMember === (entry['kind'] === 'member_added')) return 'a member who was one before, or was none';
  change(id);
  return intended.has(id) ? undefined : 'a membership that nobody changed';
}
