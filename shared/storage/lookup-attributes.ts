/** What the index holds of each item. */

/** The attributes that lists show. Sending a message changes none of them, so it never writes to the index. */
export const lookupAttributes = [
  'username',
  'profile_picture',
  'user_id',
  'room_id',
  'room_name',
  'created_at',
  'creator_id',
  'creator_username',
  'description',
  'is_private',
  'is_direct',
  'role',
  'joined_at',
  'last_read_seq',
  'last_read_count',
  'last_read_at',
  'removing_at',
];
