/** The fixed limits that clients can reach. The schemas of the contract and the domain share them. */
export const limits = {
  usernameLength: 150,
  nameLength: 150,
  emailLength: 254,
  passwordMinimumLength: 8,
  passwordMaximumLength: 256,
  roomNameLength: 255,
  /** How long the name of a private room stays reserved after the room was renamed or deleted. */
  roomNameReservationDays: 30,
  descriptionLength: 2_000,
  /** Characters of a message after trimming, in UTF-16 code units, as text fields of browsers count them. */
  contentLength: 4_000,
  /** The same before trimming, since surrounding white space is stored as well. */
  contentRawLength: 8_000,
  /** Bytes of a message encoded as JSON in UTF-8. 4,000 characters of any script fit. */
  contentBytes: 12 * 1024,
  /** Characters of the last message that a list of rooms shows. */
  previewLength: 500,
  clientIdLength: 64,
  refLength: 64,
  pageSize: 50,
  pageSizeMaximum: 100,
  roomPageSize: 100,
  userLookupSize: 20,
  /** Users listed in `room_users_list`. When there are more, the event has their total. */
  roomUsersListed: 200,
  frameBytes: 32 * 1024,
  httpBodyBytes: 64 * 1024,
  /** A page of a list ends at this size, even when it has fewer items than `limit`. */
  answerBytes: 512 * 1024,
  /** Rooms that one socket can have open at a time. */
  roomsPerConnection: 50,
  /** A typing indicator expires when it is not repeated within this time. */
  typingLifetimeMs: 8_000,
  ticketLifetimeSeconds: 30,
  /** How long a send key is kept. A send that is repeated within this time is recognized. */
  sendKeyLifetimeDays: 7,
} as const;
