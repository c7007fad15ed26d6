/** Defect: the erasure of an account leaves the uploads that were not sent. */
import type * as original from '../../../shared/domain/files/remove-files.ts';

export * from '../../../shared/domain/files/remove-files.ts';

export const removeUnsentUploads: typeof original.removeUnsentUploads = async () => true;
