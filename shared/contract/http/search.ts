/** Rows for searching messages. */
import * as z from 'zod';
import { RoomId } from '../identifiers.ts';
import { SearchPage, SearchQuery } from '../search.ts';
import { operation } from './operation.ts';

const bounded =
  'One request reads a bounded part of the messages, newest first, and says how far back it has searched. A page may have few results, or none, while the search goes on: follow its `cursor`. Deleted messages are never found.';

export const searchOperations = {
  searchRoom: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/search/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Search the messages of a room',
    description: bounded,
    auth: 'required',
    charge: { costMicroDollars: 110 },
    params: z.object({ room_id: RoomId }),
    query: SearchQuery,
    responses: { 200: SearchPage },
    errors: ['not_found'],
  }),
  searchMyRooms: operation({
    methods: ['GET'],
    path: '/chat/search/',
    function: 'chat',
    tag: 'Messages',
    summary: 'Search the messages of the caller’s rooms',
    description: `${bounded} For a caller in more than 64 rooms, each block of 64 rooms is searched on its own: \`searched_back_to\` is then null at the end of a block, whose \`cursor\` leads to the next one.`,
    auth: 'required',
    charge: { costMicroDollars: 150 },
    query: SearchQuery,
    responses: { 200: SearchPage },
  }),
} as const;
