/**
 * The expected state of the rooms, which shares no code with what is tested. It applies the entries of the log in their
 * order, and reports every entry that no command explains.
 */
import type { Item } from '../../../shared/storage/item.ts';

export interface ExpectedMessage {
  seq: number;
  senderId: string;
  clientId: string | undefined;
  content: string;
  isEdited: boolean;
  isDeleted: boolean;
}

export interface ExpectedRoom {
  id: string;
  name: string;
  isPrivate: boolean;
  creatorId: string;
  messages: Map<number, ExpectedMessage>;
  /** The content that was first sent under a client_id, by user and client_id. */
  keys: Map<string, string>;
  /** Empty for a public room. */
  members: Set<string>;
  /** The seq with which a user was last removed. */
  removalSeqs: Map<string, number>;
  /** The seqs of the entries that have been applied. */
  known: Set<number>;
}

/** What the present commands try to append to a room's log. */
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

/** Applies the new entries. Returns a sentence for each entry that no command explains. */
export function applyEntries(room: ExpectedRoom, log: Item[], intents: Intents): string[] {
  const wrong: string[] = [];
  const fresh = log.filter((entry) => !room.known.has(entry['seq'] as number));
  for (const entry of fresh) {
    const problem = applyEntry(room, entry, intents, log);
    if (problem !== undefined) wrong.push(`${room.name} ${entry['seq'] as number}: ${problem}`);
    room.known.add(entry['seq'] as number);
  }
  return wrong;
}

function applyEntry(room: ExpectedRoom, entry: Item, intents: Intents, log: Item[]): string | undefined {
  const seq = entry['seq'] as number;
  const userId = entry['user_id'] as string;
  const targetSeq = entry['target_seq'] as number;
  switch (entry['kind']) {
    case 'void':
      return undefined;
    case 'message':
      return applyMessage(room, entry, intents);
    case 'edit': {
      const target = room.messages.get(targetSeq);
      if (target === undefined || target.senderId !== userId) return 'an edit of a message of another user';
      if (target.isDeleted) return 'an edit of a deleted message';
      const texts = [...intents.texts].filter(([, { editOf }]) => editOf === targetSeq);
      if (texts.length === 0) return 'an edit without a command';
      // Of several edits only the last one is visible, in the message.
      const shown = log.find((item) => item['seq'] === targetSeq)?.['content'];
      const [text] = texts.find(([content]) => content === shown) ?? texts[0]!;
      Object.assign(target, { content: text, isEdited: true });
      return undefined;
    }
    case 'delete': {
      const target = room.messages.get(targetSeq);
      if (target === undefined || target.senderId !== userId)
        return 'a deletion of a message of another user';
      if (target.isDeleted) return 'a second deletion';
      if (intents.deletions.get(targetSeq) !== userId) return 'a deletion without a command';
      target.isDeleted = true;
      return undefined;
    }
    case 'member_added':
      return applyMember(room, entry, intents.added, (id) => void room.members.add(id));
    case 'member_removed':
      return applyMember(room, entry, intents.removed, (id) => {
        room.members.delete(id);
        room.removalSeqs.set(id, seq);
      });
    case 'room_updated':
      return intents.described ? undefined : 'a change of the room without a command';
    default:
      return `an entry of the kind ${String(entry['kind'])}`;
  }
}

function applyMessage(room: ExpectedRoom, entry: Item, { texts }: Intents): string | undefined {
  const [seq, senderId, content] = [
    entry['seq'] as number,
    entry['user_id'] as string,
    entry['content'] as string,
  ];
  const clientId = entry['client_id'] as string | undefined;
  const intent = texts.get(content);
  if (intent === undefined || intent.editOf !== undefined) return 'a message without a command';
  if (intent.userId !== senderId || intent.clientId !== clientId)
    return 'a message with another sender or client_id';
  const before = [...room.messages.values()].filter((other) => other.senderId === senderId);
  if (before.some((other) => clientId !== undefined && other.clientId === clientId))
    return 'stored twice for one client_id';
  if (before.some((other) => other.content === content)) return 'stored twice';
  if (clientId !== undefined) room.keys.set(`${senderId} ${clientId}`, content);
  room.messages.set(seq, { seq, senderId, clientId, content, isEdited: false, isDeleted: false });
  return undefined;
}

function applyMember(
  room: ExpectedRoom,
  entry: Item,
  intended: Set<string>,
  change: (userId: string) => void,
): string | undefined {
  const { user_id: id } = entry['member'] as { user_id: string };
  if (!room.isPrivate) return intended.has(id) ? undefined : 'a user who did not leave';
  const isMember = room.members.has(id);
  if (isMember === (entry['kind'] === 'member_added')) return 'a user whose membership does not change';
  change(id);
  return intended.has(id) ? undefined : 'a change of a membership without a command';
}
