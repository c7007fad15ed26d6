/** The numbers that clients can run into; the contract's schemas and the domain share them. */
export const limits = {
  usernameLength: 150,
  nameLength: 150,
  emailLength: 254,
  passwordMinimumLength: 8,
  passwordMaximumLength: 256,
  roomNameLength: 255,
  /** Nobody else gets a private room's name for this long after it was renamed or deleted. */
  roomNameRestDays: 30,
  descriptionLength: 2_000,
  /** Characters of a message after trimming; counted in UTF-16 units, as a text field in a browser counts. */
  contentLength: 4_000,
  /** The same with the white space around it, which is stored too. */
  contentRawLength: 8_000,
  /** The same encoded as JSON in UTF-8; 4,000 characters of any script fit. */
  contentBytes: 12 * 1024,
  /** Content that stands for a room in a list of rooms. */
  previewLength: 500,
  clientIdLength: 64,
  refLength: 64,
  pageSize: 50,
  pageSizeMaximum: 100,
  roomPageSize: 100,
  userLookupSize: 20,
  /** Users named in `room_users_list`; beyond it only the total is told. */
  roomUsersListed: 200,
  frameBytes: 32 * 1024,
  httpBodyBytes: 64 * 1024,
  /** A page of a list ends when it has become this large, whatever `limit` asks for. */
  answerBytes: 512 * 1024,
  /** Rooms that one socket may be in at a time. */
  roomsPerConnection: 50,
  /** A typing indicator that is not repeated within this time no longer holds. */
  typingLifetimeMs: 8_000,
  ticketLifetimeSeconds: 30,
  /** A send key is remembered this long: a repeat within it is recognised. */
  sendKeyLifetimeDays: 7,
} as const;
