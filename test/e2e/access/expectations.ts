/**
 * The expected outcome of every action, written from the protocol by hand and independent of the project's own rules.
 * Each row is an action; each word in it stands for a kind of room, in the order of `kinds`; each letter of a word stands
 * for a kind of user, in the order of `userKinds`.
 */

export const kinds = [
  'public',
  'private',
  'direct',
  'deleted public',
  'deleted private',
  'never existing',
  'never opened direct',
] as const;
export type Kind = (typeof kinds)[number];

/**
 * The creator of a direct room is the user who opened it. A signed-out session is one of the member's that has ended; the
 * expired token is the creator's.
 */
export const userKinds = [
  'creator',
  'member',
  'removed member',
  'member who left',
  'stranger',
  'anonymous',
  'expired token',
  'signed-out session',
] as const;
export type Who = (typeof userKinds)[number];

/** `+` succeeds, `x` forbidden, `0` answered like a missing room, `i` invalid, `u` unauthorized, `-` no such case. */
export type Expected = '+' | 'x' | '0' | 'i' | 'u';

/** Requests over HTTP. */
export const httpTable = {
  'see the room': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'replace the room': '+x-xxuuu +x000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'change the room': '+x-xxuuu +x000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'delete the room': '+x-xxuuu +x000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'add a member': 'xx-xxuuu +x000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'remove a member': 'xx-xxuuu +x000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'remove the creator': 'xx-xxuuu xx000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'list the members': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'leave the room': 'x+-xxuuu x+000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'read the history': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'send a message': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'declare an upload': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'send an own upload': '++-+-uuu ++00-uuu ++---uuu 00-0-uuu 0000-uuu -----uuu -----uuu',
  'send another’s upload': 'ii-iiuuu ii000uuu ii--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'see an attachment': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'see an own upload': '++-+-uuu ++00-uuu ++---uuu 00-0-uuu 0000-uuu -----uuu -----uuu',
  'see another’s upload': '00-00uuu 00000uuu 00--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'edit an own message': '++-+-uuu ++00-uuu ++---uuu 00-0-uuu 0000-uuu -----uuu -----uuu',
  'edit another’s message': 'xx-xxuuu xx000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'delete an own message': '++-+-uuu ++00-uuu ++---uuu 00-0-uuu 0000-uuu -----uuu -----uuu',
  'delete another’s message': 'xx-xxuuu xx000uuu xx--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'mark as read': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'mark as unread': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'list the readers': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  // The name of a private room is answered as taken. A free name may be opened, which creates a public room; the name
  // of a private room stays reserved after its deletion.
  'get a ticket by the room’s name': '++-++uuu ++xxxuuu ++--0uuu ++-++uuu 00000uuu +---+uuu 0---0uuu',
  'get a ticket by the room’s id': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  // `0` is a list without the room. A signed-out session gets the list that anonymous requests get.
  'find it among the public rooms': '++-+++u+ 000000u0 00--00u0 00-000u0 000000u0 0---00u0 0---00u0',
  'find it among one’s own rooms': '++-00uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'search the room': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'find it by a search of one’s rooms': '++-00uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'find it among one’s unread rooms': '++-00uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
} as const satisfies Record<string, string>;

/** Handshakes, whose statuses are 101, 403, 404 and 401. A session that has ended opens none. */
export const handshakeTable = {
  'open a socket without a room': '++-++uuu +++++uuu ++--+uuu ++-++uuu +++++uuu +---+uuu +---+uuu',
  'open a socket by the room’s id': '++-++uuu ++000uuu ++--0uuu 00-00uuu 00000uuu 0---0uuu 0---0uuu',
  'open a socket by the room’s name': '++-++uuu ++xxxuuu ++--0uuu ++-++uuu 00000uuu +---+uuu 0---0uuu',
} as const satisfies Record<string, string>;

/** Commands on a socket without a room. Users without a valid token are refused at the handshake above. */
export const outsideTable = {
  'join by id': '++-++--- ++000--- ++--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'join by room_id': '++-++--- ++000--- ++--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'join by name': '++-++--- ++xxx--- ++--0--- ++-++--- 00000--- +---+--- 0---0---',
  'send without having joined': '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'send an own upload without having joined':
    '00-0---- 0000---- 00------ 00-0---- 0000---- -------- --------',
  'send another’s upload without having joined':
    '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'type without having joined': '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'read without having joined': '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'edit an own message without having joined':
    '00-0---- 0000---- 00------ 00-0---- 0000---- -------- --------',
  'edit another’s message without having joined':
    '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'delete an own message without having joined':
    '00-0---- 0000---- 00------ 00-0---- 0000---- -------- --------',
  'delete another’s message without having joined':
    '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
  'ask for the history without having joined':
    '00-00--- 00000--- 00--0--- 00-00--- 00000--- 0---0--- 0---0---',
} as const satisfies Record<string, string>;

/** Commands on a socket that was opened for the room. */
export const insideTable = {
  'send inside': '++-++--- ++------ ++------ -------- -------- -------- --------',
  'send an own upload inside': '++-+---- ++------ ++------ -------- -------- -------- --------',
  'send another’s upload inside': 'ii-ii--- ii------ ii------ -------- -------- -------- --------',
  'type inside': '++-++--- ++------ ++------ -------- -------- -------- --------',
  'read inside': '++-++--- ++------ ++------ -------- -------- -------- --------',
  'edit an own message inside': '++-++--- ++------ ++------ -------- -------- -------- --------',
  'edit another’s message inside': 'xx-xx--- xx------ xx------ -------- -------- -------- --------',
  'delete an own message inside': '++-++--- ++------ ++------ -------- -------- -------- --------',
  'delete another’s message inside': 'xx-xx--- xx------ xx------ -------- -------- -------- --------',
  'ask for the history inside': '++-++--- ++------ ++------ -------- -------- -------- --------',
  'join another room inside': 'xx-xx--- xx------ xx------ -------- -------- -------- --------',
  'leave inside': 'xx-xx--- xx------ xx------ -------- -------- -------- --------',
} as const satisfies Record<string, string>;

export const tables = {
  http: httpTable,
  handshake: handshakeTable,
  outside: outsideTable,
  inside: insideTable,
} as const;

export type TableName = keyof typeof tables;

export interface Cell {
  table: TableName;
  action: string;
  kind: Kind;
  who: Who;
  expected: Expected;
}

/** All cells of the tables. */
export const cells: Cell[] = Object.entries(tables).flatMap(([table, rows]) =>
  Object.entries(rows as Record<string, string>).flatMap(([action, row]) =>
    kinds.flatMap((kind, at) =>
      userKinds.flatMap((who, place) => {
        const expected = row.split(' ')[at]!.charAt(place);
        if (expected === '-') return [];
        return [{ table: table as TableName, action, kind, who, expected: expected as Expected }];
      }),
    ),
  ),
);
