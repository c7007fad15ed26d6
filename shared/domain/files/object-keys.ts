/** The names of objects in the bucket of files. Permissions and rules of the bucket go by their first part. */
import type { CheckedUpload, Upload, UploadPlace } from '../model/uploads.ts';
import { decodeAttachmentId, encodeAttachmentId } from './attachment-id.ts';

export const incomingFolder = 'incoming/';

/** The tag of objects that the bucket deletes after a day, because no message and no profile shows them. */
export const unsentTag = { key: 'unsent', value: '1' } as const;

/** Where the form of an upload puts what is posted. */
export const incomingKey = (place: UploadPlace): string => `${incomingFolder}${encodeAttachmentId(place)}`;

/**
 * Returns the upload whose form puts its file there.
 * @throws ChatError `not_found` for another name
 */
export const placeOfIncoming = (key: string): UploadPlace =>
  decodeAttachmentId(key.startsWith(incomingFolder) ? key.slice(incomingFolder.length) : '');

/** The objects of a file that is shown in place as an image. Other files have the first alone. */
export const objectNames = ['original', '1280', '320', '96'] as const;

/** Where one of the objects of a checked file is: below its address. */
export const fileKey = ({ roomId }: Pick<Upload, 'roomId'>, folder: string, name: string): string =>
  `${folderOfRoom(roomId)}${folder}/${name}`;

/** Where all files of a room are. */
export const folderOfRoom = (roomId: string): string => `files/${roomId}/`;

/** Where all pictures of a user are. */
export const folderOfPictures = (userId: string): string => `pictures/${userId}/`;

/** Returns the keys of the objects of a checked file. */
export const keysOfFile = (
  roomId: string,
  { folder, width }: Pick<CheckedUpload, 'folder' | 'width'>,
): string[] =>
  objectNames
    .slice(0, width === undefined ? 1 : objectNames.length)
    .map((name) => fileKey({ roomId }, folder, name));

/** Returns the keys of all objects that a file may have, of which no more than its folder is known. */
export const keysInFolder = (roomId: string, folder: string): string[] =>
  objectNames.map((name) => fileKey({ roomId }, folder, name));

/** The objects of a profile picture, by their sides in pixels. */
const pictureNames = ['320', '96'] as const;

/** Where one of the objects of a profile picture is: below its address. */
export const pictureKey = (userId: string, folder: string, name: string): string =>
  `${folderOfPictures(userId)}${folder}/${name}`;

/** Returns the keys of the objects of a profile picture. */
export const keysOfPicture = (userId: string, folder: string): string[] =>
  pictureNames.map((name) => pictureKey(userId, folder, name));
