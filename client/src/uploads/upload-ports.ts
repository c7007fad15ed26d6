/** What the code that uploads files needs of the rest of the client, and what they share. */
import type { HttpOperations } from '../contract/http-operations.ts';
import type { ChatProblem } from '../problem.ts';
import type { OutboxEntry, PostedFile } from '../room/outbox-store.ts';
import type { RoomLog } from '../room-log.ts';
import type { Session } from '../session/session.ts';
import type { Clock, Random } from '../system.ts';
import type { FileStorePorts } from './file-store.ts';
import type { Upload, UploadChange, UploadFile } from './upload.ts';

/** A file on this device. */
export interface LocalFile {
  id: string;
  file: UploadFile;
  /** The address of the file on this device, which is revoked with it. */
  url: string | undefined;
  /** What the file shows, as it was declared to the server. */
  alt?: string;
  /** The room that it was uploaded for. */
  roomId?: string;
  /** The upload, once the server has the file. */
  posted?: PostedFile | undefined;
  /** Stops its upload. */
  stop?: AbortController;
}

/** What a file is uploaded for: the list of a room, or a message of the outbox. */
export interface UploadTarget {
  /** Undefined while it is not known. */
  roomId(): string | undefined;
  get(id: string): { name: string; type: string; alt: string } | undefined;
  change(id: string, change: UploadChange): void;
}

/** The list of a room. */
export interface UploadList extends UploadTarget {
  getSnapshot(): readonly Upload[];
}

/** What the core passes on. */
export interface LoaderPorts extends FileStorePorts {
  http: Pick<HttpOperations, 'createUpload' | 'getAttachment' | 'createProfilePicture' | 'getProfile'>;
  /** Undefined if the application has not passed one of its own. */
  fetch: typeof globalThis.fetch | undefined;
  clock: Clock;
  random: Random;
  session: Pick<Session, 'ended'>;
  outbox: { entriesOf(userId: string): Promise<readonly OutboxEntry[]> };
  Problem: typeof ChatProblem;
  asProblem: (error: unknown) => ChatProblem;
  /** Changes what all rooms show. */
  updateLogs(change: (log: RoomLog) => RoomLog): void;
}

export interface UploaderPorts extends LoaderPorts {
  uploads: {
    files: ReadonlyMap<string, LocalFile>;
    keep(id: string, file: UploadFile): void;
  };
}
