/** Defect: the erasure of an account takes attachments from its messages, and leaves their files. */
import type * as original from '../../../shared/domain/files/remove-files.ts';

export * from '../../../shared/domain/files/remove-files.ts';

export const removeFilesOfMessage: typeof original.removeFilesOfMessage = async () => undefined;
