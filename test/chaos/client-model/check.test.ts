/** The checker on evidence that is written by hand. */
import { describe, expect, it } from 'vitest';
import { findViolations } from './check.ts';
import type { Invariant } from './violation.ts';
import type { Evidence } from './evidence.ts';
import { evidence, room, text, view } from './written-evidence.ts';

const liveView = { status: 'live', reason: undefined, roomId: 'garden', messages: [], pending: [] };
const first = text(1);
const second = text(2);
const byName = text(1, { target: { by: 'name', name: 'kitchen', since: 500 } });

const violating: [string, Invariant, Partial<Evidence>][] = [
  [
    'that is stored in another room',
    'text in another room',
    { texts: [first], rooms: [room('shed', [first])] },
  ],
  [
    'that is stored in a room that had lost the name before',
    'text in another room',
    {
      texts: [byName],
      rooms: [room('shed', [byName], { names: [{ name: 'kitchen', from: 0, until: 400 }] })],
    },
  ],
  [
    'that a view of another room shows',
    'text in another room',
    {
      texts: [first],
      rooms: [room('garden', [first]), room('shed', [])],
      views: [
        view({
          opened: { by: 'id', roomId: 'shed' },
          roomIds: ['shed'],
          shown: [{ text: 'text 1', author: 'ann', roomId: 'shed' }],
        }),
      ],
    },
  ],
  [
    'that is stored under another author',
    'text under another author',
    { texts: [first], rooms: [room('garden', [text(1, { author: 'bob' })])] },
  ],
  [
    'that a view shows under another author',
    'text under another author',
    {
      texts: [first],
      rooms: [room('garden', [first])],
      views: [view({ shown: [{ text: 'text 1', author: 'bob', roomId: 'garden' }] })],
    },
  ],
  ['that is in no log', 'text lost', { texts: [first] }],
  ['that is left in the outbox', 'text lost', { texts: [text(1, { isWaiting: true })] }],
  ['that is stored twice', 'text doubled', { texts: [first], rooms: [room('garden', [first, first])] }],
  [
    'that was refused and stored',
    'text doubled',
    {
      texts: [text(1, { isAccepted: false })],
      rooms: [room('garden', [first])],
    },
  ],
  ['that a view shows twice', 'text doubled', { views: [view({ doubled: ['text 1'] })] }],
  [
    'that failed in a room that was open to its author',
    'text failed without a cause',
    { texts: [text(1, { failedWith: 'forbidden' })] },
  ],
  [
    'that is stored before an earlier one of the same tab',
    'order of writing changed',
    { texts: [first, second], rooms: [room('garden', [second, first])] },
  ],
];

const others: [string, Invariant, Partial<Evidence>][] = [
  [
    'a view that is still opening',
    'view without a definite state',
    { views: [view({ atRest: { ...liveView, status: 'opening' } })] },
  ],
  [
    'a view that is closed without a reason',
    'view without a definite state',
    {
      rooms: [room('garden', [], { closedTo: ['ann'] })],
      views: [view({ atRest: { ...liveView, status: 'closed' } })],
    },
  ],
  [
    'a view that is refused a room that was open to its user',
    'view closed without a cause',
    { views: [view({ atRest: { ...liveView, status: 'closed', reason: 'forbidden' } })] },
  ],
  [
    'a live view with a message that is still being sent',
    'view without a definite state',
    { views: [view({ atRest: { ...liveView, pending: ['text 1'] } })] },
  ],
  [
    'a client that is still connecting',
    'view without a definite state',
    { tabs: [{ tab: 0, state: 'connecting', reason: undefined, wasSignedOut: false, rooms: [] }] },
  ],
  [
    'a client that is signed out without a sign-out',
    'session ended without a cause',
    { tabs: [{ tab: 0, state: 'signed-out', reason: undefined, wasSignedOut: false, rooms: [] }] },
  ],
  [
    'a live view that lacks a message',
    'view differs from the log',
    { texts: [first], rooms: [room('garden', [first])], views: [view({ atRest: liveView })] },
  ],
  ['a view of two rooms', 'view changed its room', { views: [view({ roomIds: ['garden', 'shed'] })] }],
  [
    'a room created for a view that knew its room’s id',
    'room created unasked',
    {
      rooms: [room('garden', []), room('old-garden', [], { isMadeBySocket: true, createdAtMs: 5_000 })],
      views: [view({ opened: { by: 'name', name: 'old-garden', since: 1_000 } })],
    },
  ],
  [
    'a user who is shown without a client there',
    'presence does not end',
    {
      presence: [
        { roomId: 'garden', label: 'it', when: 'while rooms are open', expected: [], shown: ['ann'] },
      ],
    },
  ],
  [
    'a user who is not shown with a client there',
    'presence is missing',
    {
      presence: [
        { roomId: 'garden', label: 'it', when: 'while rooms are open', expected: ['ann'], shown: [] },
      ],
    },
  ],
];

const permitted: [string, Partial<Evidence>][] = [
  ['a text in its room', { texts: [first], rooms: [room('garden', [first])] }],
  [
    'a text that failed where its author was no member',
    {
      texts: [text(1, { failedWith: 'forbidden' })],
      rooms: [room('garden', [], { closedTo: ['ann'] })],
    },
  ],
  ['a discarded text', { texts: [text(1, { isCanceled: true })] }],
  ['a text of a deleted room', { texts: [first], rooms: [room('garden', [], { isDeleted: true })] }],
  [
    'a text in a room that got the name later',
    {
      texts: [byName],
      rooms: [room('shed', [byName], { names: [{ name: 'kitchen', from: 900, until: Infinity }] })],
    },
  ],
  [
    'texts of two tabs in any order',
    { texts: [first, text(2, { tab: 1 })], rooms: [room('garden', [text(2, { tab: 1 }), first])] },
  ],
  [
    'a room created for a view that asked for it by name',
    {
      rooms: [room('kitchen', [], { isMadeBySocket: true, createdAtMs: 5_000 })],
      views: [
        view({
          opened: { by: 'name', name: 'kitchen', since: 1_000 },
          identifiedAtMs: 5_500,
          roomIds: ['kitchen'],
        }),
      ],
    },
  ],
  [
    'a view that is closed where its user was no member',
    {
      rooms: [room('garden', [], { closedTo: ['ann'] })],
      views: [view({ atRest: { ...liveView, status: 'closed', reason: 'removed' } })],
    },
  ],
];

const found = (changes: Partial<Evidence>): Invariant[] =>
  findViolations(evidence(changes)).map(({ invariant }) => invariant);

describe('the checker', () => {
  it.each(violating)('finds a text %s', (_, invariant, changes) => {
    expect(found(changes)).toEqual([invariant]);
  });

  it.each(others)('finds %s', (_, invariant, changes) => {
    expect(found(changes)).toEqual([invariant]);
  });

  it.each(permitted)('permits %s', (_, changes) => {
    expect(found(changes)).toEqual([]);
  });
});
