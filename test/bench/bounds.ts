/** The bounds of figures, by the names of the figures. */

export type Bound = { atMost: number } | { atLeast: number };

export const bounds: Readonly<Record<string, Bound>> = {
  'conversation.rooms_of_10.highest_messages_per_second': { atLeast: 180 },
  'conversation.rooms_of_10.at_180.lost': { atMost: 0 },
  'conversation.rooms_of_10.at_180.p99_ms': { atMost: 200 },
  'conversation.room_of_100.highest_deliveries_per_second': { atLeast: 2_000 },
  'conversation.room_of_100.at_2000.lost': { atMost: 0 },
  'conversation.room_of_100.at_2000.p99_ms': { atMost: 126 },
  'conversation.sockets_opened_per_second': { atLeast: 100 },
  'conversation.start_to_ready_seconds': { atMost: 5 },

  'operations.message.room10.write_units': { atMost: 4 },
  'operations.message.room10.read_units': { atMost: 2 },
  'operations.message.room10.round_trips_to_first_post': { atMost: 4 },
  'operations.message_with_client_id.room10.write_units': { atMost: 7 },
  'operations.message_with_client_id.room10.round_trips_to_first_post': { atMost: 4 },
  'operations.open_public_room.write_units': { atMost: 4 },
  'operations.open_public_room.round_trips': { atMost: 3 },
  'operations.open_public_room_again.write_units': { atMost: 4 },
  'operations.open_public_room_again.round_trips': { atMost: 3 },
  'operations.read.write_units': { atMost: 2 },
  // With the budget.
  'operations.markUnread.write_units': { atMost: 3 },
  'operations.listRooms.50_rooms.requests': { atMost: 2 },
  // Two, besides those that look for an ended session and charge the budget.
  'operations.listUnread.50_rooms.requests': { atMost: 4 },
  'operations.listUnread.50_rooms.read_units': { atMost: 60 },

  'cold_start.message.bundle_kilobytes': { atMost: 500 },
  'cold_start.message.import_over_lib_dynamodb': { atMost: 1.4 },

  'fan_out.cpu_per_post_over_signed_request': { atMost: 1.5 },

  'inbox.unwatched.difference': { atMost: 0 },
  // Two seconds between the beginnings of two activities, which read for a moment before they are posted.
  'inbox.burst.shortest_interval_ms': { atLeast: 1_800 },

  'search.10000.seconds': { atMost: 2 },

  'price.room10.over_gateway': { atMost: 1.25 },
};

/** Returns whether a figure keeps its bound. */
export function keeps(value: number, bound: Bound): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}
