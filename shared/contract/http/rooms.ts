/** Rows for rooms and their members. */
import * as z from 'zod';
import { Member, MyRoom, Room } from '../entities.ts';
import { NewRoomName, RoomId, RoomName, UserId, wholeNumber } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { changesDirection, keepsDirection, Text } from '../text.ts';
import { operation } from './operation.ts';

const roomParams = z.object({ room_id: RoomId });
const Description = Text.max(limits.descriptionLength).refine(keepsDirection, changesDirection).nullable();
const ReadOnly = z.unknown().meta({ readOnly: true, description: 'Ignored.' });

const pageQuery = z.object({
  limit: wholeNumber(1, limits.pageSizeMaximum).default(limits.roomPageSize),
  cursor: z.string().min(1).max(4_096).optional().describe('From the Link header of the page before.'),
});

export const roomOperations = {
  listRooms: operation({
    methods: ['GET'],
    path: '/chat/rooms/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Public rooms by name',
    auth: 'optional',
    query: pageQuery,
    responses: { 200: z.array(Room) },
    paged: true,
  }),
  listMyRooms: operation({
    methods: ['GET'],
    path: '/chat/rooms/mine/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'The caller’s rooms, newest activity first',
    description:
      'Of a user in more than 200 rooms, the list is made of parts of 200 rooms, each in the order of activity. A page ends at 512 KB, and one may be short and not be the last. Follow `Link`.',
    auth: 'required',
    query: pageQuery,
    responses: { 200: z.array(MyRoom) },
    paged: true,
  }),
  createRoom: operation({
    methods: ['POST'],
    path: '/chat/rooms/create/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Create a room',
    auth: 'required',
    body: z
      .object({
        room_name: NewRoomName,
        description: Description.optional(),
        is_private: z.boolean().optional(),
      })
      .meta({ id: 'CreateRoom', example: { room_name: 'general', description: 'Everything else' } }),
    responses: { 201: Room },
    errors: ['room_name_taken', 'rate_limited'],
  }),
  getRoom: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'One room',
    auth: 'required',
    params: roomParams,
    responses: { 200: Room },
    errors: ['not_found'],
  }),
  updateRoom: operation({
    methods: ['PUT', 'PATCH'],
    path: '/chat/rooms/{room_id}/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Change a room (its creator only)',
    description: 'What is left out stays as it is. Read-only fields may be sent back and are ignored.',
    auth: 'required',
    params: roomParams,
    body: z
      .object({
        room_name: RoomName.optional().describe('A new name is judged as in creating a room.'),
        description: Description.optional(),
        room_id: ReadOnly.optional(),
        created_at: ReadOnly.optional(),
        creator_id: ReadOnly.optional(),
        creator_username: ReadOnly.optional(),
        is_private: ReadOnly.optional(),
        is_direct: ReadOnly.optional(),
        message_count: ReadOnly.optional(),
        member_count: ReadOnly.optional(),
      })
      .meta({ id: 'UpdateRoom', example: { description: 'Everything else, and more' } }),
    responses: { 200: Room },
    errors: ['forbidden', 'not_found', 'room_name_taken', 'rate_limited'],
  }),
  deleteRoom: operation({
    methods: ['DELETE'],
    path: '/chat/rooms/{room_id}/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Delete a room with everything in it (its creator only)',
    auth: 'required',
    params: roomParams,
    responses: { 204: null },
    errors: ['forbidden', 'not_found'],
  }),
  addMember: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/members/add/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Add somebody to a private room (its creator only)',
    auth: 'required',
    params: roomParams,
    body: z.object({ user_id: UserId }).meta({ id: 'AddMember' }),
    responses: { 200: Room },
    errors: ['forbidden', 'not_found', 'rate_limited'],
  }),
  removeMember: operation({
    methods: ['DELETE'],
    path: '/chat/rooms/{room_id}/members/remove/{user_id}/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Remove somebody from a private room (its creator only)',
    description: 'Their sockets leave the room within five seconds. The creator cannot be removed.',
    auth: 'required',
    params: z.object({ room_id: RoomId, user_id: UserId }),
    responses: { 200: Room },
    errors: ['forbidden', 'not_found'],
  }),
  listMembers: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/members/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Who belongs to a room',
    auth: 'required',
    params: roomParams,
    query: pageQuery,
    responses: { 200: z.array(Member) },
    errors: ['not_found'],
    paged: true,
  }),
  leaveRoom: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/leave/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Leave a room',
    description: 'The creator cannot leave, and nobody leaves a direct room.',
    auth: 'required',
    params: roomParams,
    bodyOptional: true,
    body: z.object({}).meta({ id: 'LeaveRoom' }),
    responses: { 204: null },
    errors: ['forbidden', 'not_found'],
  }),
  openDirectRoom: operation({
    methods: ['GET', 'POST'],
    path: '/chat/dm/{target_user_id}/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'The direct room with somebody, made on first use',
    auth: 'required',
    params: z.object({ target_user_id: UserId }),
    bodyOptional: true,
    body: z.object({}).meta({ id: 'OpenDirectRoom' }),
    responses: { 200: Room },
    errors: ['not_found', 'rate_limited'],
  }),
} as const;
