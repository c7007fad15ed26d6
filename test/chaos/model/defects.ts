/** Builds with a defect that the model must find, by random commands or by commands that once showed it. */

import { replacing } from '../../mutants/replacing.ts';
import type { ModuleReplacement } from '../harness/replaced-modules.ts';
import type { Command } from './commands.ts';

/** Defects of kinds that random commands show soon. */
export const modelDefects: readonly { defect: string; replacement: ModuleReplacement }[] = [
  {
    defect: 'a message that is acknowledged and not stored',
    replacement: replacing('shared/storage/log-store.ts', 'lose-some-messages.ts'),
  },
  {
    defect: 'a client_id that is ignored',
    replacement: replacing('shared/storage/log-store.ts', 'ignore-client-id.ts'),
  },
  {
    defect: 'a gap that is never filled',
    replacement: replacing('shared/domain/thresholds.ts', 'never-fill-gaps.ts'),
  },
  {
    defect: 'a subscriber that is not posted to',
    replacement: replacing('shared/realtime/fan-out.ts', 'publish-to-two.ts'),
  },
  {
    defect: 'a history that lacks an entry',
    replacement: replacing('shared/realtime/send-history.ts', 'skip-in-history.ts'),
  },
  {
    defect: 'a message_count that includes messages that were never stored',
    replacement: replacing('shared/domain/views.ts', 'count-void-messages.ts'),
  },
  {
    defect: 'an unread count that includes own messages',
    replacement: replacing('shared/domain/messages/unread.ts', 'count-own-as-unread.ts'),
  },
  {
    defect: 'an unread count that includes deleted messages',
    replacement: replacing('shared/domain/messages/unread.ts', 'count-deleted-as-unread.ts'),
  },
];

const by = { who: 1, room: 0, overHttp: true, kill: undefined };
const overlapping = { ...by, overlaps: true };
const calm = { ...by, overlaps: false };
const send: Command = { kind: 'send', key: undefined, otherContent: false, ...calm };

/** Commands that once had a wrong result, and the replacement that brings the defect back. */
export const modelRegressions: readonly {
  behavior: string;
  commands: Command[];
  replacement: ModuleReplacement;
}[] = [
  {
    behavior: 'unsubscribes a socket that leaves a room while it joins the room again',
    commands: [
      { kind: 'leave', who: 0, room: 0, overlaps: true },
      { kind: 'join', who: 0, room: 0, resume: 'seen', overlaps: false },
    ],
    replacement: replacing('shared/realtime/admit-socket.ts', 'subscribe-after-leaving.ts'),
  },
  {
    behavior:
      'keeps the membership that the last entry says when a user is removed and added at the same time',
    commands: [
      { kind: 'add', target: 2, kill: undefined, overlaps: true },
      { kind: 'remove', target: 2, kill: undefined, overlaps: false },
    ],
    replacement: replacing('shared/storage/member-store.ts', 'change-members-in-any-order.ts'),
  },
  {
    behavior: 'changes no message after its deletion',
    commands: [send, { kind: 'delete', pick: 0, ...overlapping }, { kind: 'edit', pick: 0, ...calm }],
    replacement: replacing('shared/storage/log-store.ts', 'delete-regardless-of-later-edits.ts'),
  },
];
