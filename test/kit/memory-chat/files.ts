/** Addresses of files without signatures, and a count of how often their key was needed. */
import type { FileAddresses } from '../../../shared/domain/ports/files.ts';

export interface PlainFileAddresses extends FileAddresses {
  /** How often addresses were opened, which reads the key. */
  opened: number;
}

export function plainFileAddresses(): PlainFileAddresses {
  const files: PlainFileAddresses = {
    opened: 0,
    async open() {
      files.opened += 1;
      return ({ roomId, folder, name }) => `https://files.example/${roomId}/${folder}/${name}`;
    },
  };
  return files;
}
