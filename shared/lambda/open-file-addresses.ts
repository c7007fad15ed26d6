/** Makes the addresses of files: signed with the key that their check knows, and below the public address of the stage. */
import { onceResolved } from '../aws/once-resolved.ts';
import type { FileAddresses } from '../domain/ports/files.ts';
import type { Clock } from '../domain/ports/system.ts';
import type { ConfigOf } from './config.ts';
import { signFileAddress } from './file-addresses.ts';
import type { SecretReader } from './secrets.ts';
import { clock } from './system.ts';

type Keys = Pick<SecretReader, 'current'>;

/** Loads the code that reads secrets with the first message that has files, since most have none. */
async function loadKeys(secretId: string): Promise<Keys> {
  const { secretReader } = await import('./secrets.ts');
  return secretReader(secretId);
}

export function openFileAddresses(
  config: ConfigOf<'filesUrl' | 'filesKeySecretId'>,
  {
    keys = () => loadKeys(config.filesKeySecretId),
    clock: time = clock,
  }: { keys?: () => Promise<Keys>; clock?: Clock } = {},
): FileAddresses {
  const loaded = onceResolved(keys);
  const origin = new URL(config.filesUrl).origin;
  return {
    async open() {
      const key = await (await loaded()).current();
      const now = time.now();
      return (file) => `${origin}${signFileAddress(key, file, now)}`;
    },
  };
}
