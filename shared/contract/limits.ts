/**
 * The fixed limits that clients can reach. The schemas of the contract, the domain and the client share them. Each is a
 * constant of its own, so that bundles contain only those that they use.
 */

export const usernameLength = 150;
export const nameLength = 150;
export const emailLength = 254;
export const passwordMinimumLength = 8;
export const passwordMaximumLength = 256;
export const roomNameLength = 255;
/** How long the name of a private room stays reserved after the room was renamed or deleted. */
export const roomNameReservationDays = 30;
export const descriptionLength = 2_000;
/** Characters of a message after trimming, in UTF-16 code units, as text fields of browsers count them. */
export const contentLength = 4_000;
/** The same before trimming, since surrounding white space is stored as well. */
export const contentRawLength = 8_000;
/** Bytes of a message encoded as JSON in UTF-8. 4,000 characters of any script fit. */
export const contentBytes = 12 * 1024;
/** Characters of the last message that a list of rooms shows. */
export const previewLength = 500;
export const clientIdLength = 64;
export const refLength = 64;
export const pageSize = 50;
export const pageSizeMaximum = 100;
export const roomPageSize = 100;
export const userLookupSize = 20;
/** Users listed in `room_users_list`. When there are more, the event has their total. */
export const roomUsersListed = 200;
export const frameBytes = 32 * 1024;
export const httpBodyBytes = 64 * 1024;
/** A page of a list ends at this size, even when it has fewer items than `limit`. */
export const answerBytes = 512 * 1024;
/** Rooms that one socket can have open at a time. */
export const roomsPerConnection = 50;
/** Rooms of a user for which one socket receives `room_activity`. */
export const inboxRooms = 500;
/** Rooms with more members than this cause no `room_activity`. */
export const inboxRoomMembers = 100;
/** The shortest time between two `room_activity` of one room. */
export const activityIntervalMs = 2_000;
/** A typing indicator expires when it is not repeated within this time. */
export const typingLifetimeMs = 8_000;
export const ticketLifetimeSeconds = 30;
/** How long a send key is kept. A send that is repeated within this time is recognized. */
export const sendKeyLifetimeDays = 7;
/** Attachments of one message. */
export const attachmentsPerMessage = 10;
export const attachmentBytes = 10 * 1024 * 1024;
export const pictureBytes = 1024 * 1024;
/** The name of a file in UTF-8, as file systems count it. */
export const fileNameBytes = 255;
/** What stands for an image to people who cannot see it, encoded as JSON in UTF-8. */
export const altBytes = 500;
/** How long the form of an upload can be posted. */
export const uploadFormLifetimeSeconds = 300;
/** How long after its declaration an upload can be sent with a message. */
export const attachableHours = 12;
/** Words of a search, after which a message is looked for. */
export const searchTerms = 10;
export const searchLength = 200;
export const searchPageSize = 20;
export const searchPageSizeMaximum = 50;
/** Places in one message that a search marks. */
export const searchHighlights = 20;
