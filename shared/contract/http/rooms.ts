/** Rows for rooms and their members. */
import * as z from 'zod';
import { Member, MyRoom, Room } from '../entities.ts';
import { NewRoomName, RoomId, RoomName, UserId } from '../identifiers.ts';
import * as limits from '../limits.ts';
import { directionControlMessage, hasNoDirectionControl, Text } from '../text.ts';
import { entryCharge, operation } from './operation.ts';
import { listOf, PageQuery, ReadOnly } from './schemas.ts';

const roomParams = z.object({ room_id: RoomId });
const Description = Text.max(limits.descriptionLength)
  .refine(hasNoDirectionControl, directionControlMessage)
  .nullable();

export const roomOperations = {
  listRooms: operation({
    methods: ['GET'],
    path: '/chat/rooms/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'List the public rooms by name',
    auth: 'optional',
    charge: { costMicroDollars: 40 },
    query: PageQuery,
    ...listOf(Room),
  }),
  listMyRooms: operation({
    methods: ['GET'],
    path: '/chat/rooms/mine/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'List the caller’s rooms, newest activity first',
    description:
      'For a caller in more than 200 rooms, each block of 200 rooms is ordered by activity on its own. A page has at most 512 KB, so it can have fewer rooms than `limit` without being the last. Follow the `Link` header.',
    auth: 'required',
    charge: { costMicroDollars: 150 },
    query: PageQuery,
    ...listOf(MyRoom),
  }),
  createRoom: operation({
    methods: ['POST'],
    path: '/chat/rooms/create/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Create a room',
    auth: 'required',
    charge: { costMicroDollars: 20, isWrite: true },
    body: z
      .object({
        room_name: NewRoomName,
        description: Description.optional(),
        is_private: z.boolean().optional(),
      })
      .meta({ id: 'CreateRoom', example: { room_name: 'plans', description: 'What to do next' } }),
    responses: { 201: Room },
    errors: ['room_name_taken', 'rate_limited'],
  }),
  getRoom: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Get a room',
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
    summary: 'Change a room (owner only)',
    description: 'Fields that are left out keep their value. Read-only fields are ignored.',
    auth: 'required',
    charge: entryCharge,
    params: roomParams,
    body: z
      .object({
        room_name: RoomName.optional().describe('A new name must follow the rules for creating a room.'),
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
    summary: 'Delete a room and everything in it (owner only)',
    auth: 'required',
    charge: { costMicroDollars: 1_000, isWrite: true },
    params: roomParams,
    responses: { 204: null },
    errors: ['forbidden', 'not_found'],
  }),
  addMember: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/members/add/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Add a member to a private room (owner only)',
    auth: 'required',
    charge: entryCharge,
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
    summary: 'Remove a member from a private room (owner only)',
    description:
      'The room is closed on all sockets of the member within five seconds. The owner cannot be removed.',
    auth: 'required',
    charge: entryCharge,
    params: z.object({ room_id: RoomId, user_id: UserId }),
    responses: { 200: Room },
    errors: ['forbidden', 'not_found'],
  }),
  listMembers: operation({
    methods: ['GET'],
    path: '/chat/rooms/{room_id}/members/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'List the members of a room',
    auth: 'required',
    charge: { costMicroDollars: 30 },
    params: roomParams,
    query: PageQuery,
    ...listOf(Member),
    errors: ['not_found'],
  }),
  leaveRoom: operation({
    methods: ['POST'],
    path: '/chat/rooms/{room_id}/leave/',
    function: 'chat',
    tag: 'Rooms',
    summary: 'Leave a room',
    description: 'The owner of a room cannot leave it, and a direct room cannot be left.',
    auth: 'required',
    charge: entryCharge,
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
    summary: 'Get the direct room with a user',
    description: 'The first request creates the room. Both users get the same room.',
    auth: 'required',
    charge: { costMicroDollars: 20 },
    params: z.object({ target_user_id: UserId }),
    bodyOptional: true,
    body: z.object({}).meta({ id: 'OpenDirectRoom' }),
    responses: { 200: Room },
    errors: ['not_found', 'rate_limited'],
  }),
} as const;
