/** Has an upload checked by the function that does so, and waits for its result within the time of a request. */
import { defaultProvider } from '../aws/environment-credentials.ts';
import { invokerOf } from '../aws/invoke-function.ts';
import type { CheckUpload } from '../domain/ports/files.ts';
import type { FailureLog } from '../domain/ports/system.ts';
import { failureLog } from './logger.ts';

/** A check of a photo takes one to two seconds. A send that waits for a longer one has time left to answer. */
const timeoutMs = 6_000;

interface CheckPorts {
  invoke?: (payload: object) => Promise<void>;
  logger?: Pick<FailureLog, 'warn'>;
}

export function checkUploadBy(
  functionName: string,
  {
    invoke = invokerOf(functionName, {
      region: process.env['AWS_REGION'] ?? '',
      credentials: defaultProvider(),
      endpoint: process.env['AWS_ENDPOINT_URL_LAMBDA'],
      timeoutMs,
    }),
    logger = failureLog,
  }: CheckPorts = {},
): CheckUpload {
  return async ({ roomId, uploadKey }) => {
    try {
      await invoke({ check: { roomId, uploadKey } });
      return true;
    } catch (error) {
      // The send is answered with `try_again`. The bucket's own event has the upload checked as well.
      logger.warn('An upload was not checked in time for a message', { error });
      return false;
    }
  };
}
