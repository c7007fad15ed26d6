/** Signs the forms of uploads with the role of the function, which may put objects below `incoming/` alone. */
import * as limits from '../contract/limits.ts';
import { defaultProvider } from '../aws/environment-credentials.ts';
import { postFormFields } from '../aws/post-form.ts';
import type { Credentials } from '../aws/sign-request.ts';
import type { UploadForms } from '../domain/ports/files.ts';
import type { Clock } from '../domain/ports/system.ts';
import { clock } from './system.ts';

interface FormPorts {
  region?: string;
  /** The address of the region's endpoint when absent, with the bucket in the name of the host. */
  endpoint?: string | undefined;
  credentials?: () => Promise<Credentials>;
  clock?: Clock;
}

export function uploadForms(
  bucket: string,
  {
    region = process.env['AWS_REGION'] ?? '',
    endpoint = process.env['AWS_ENDPOINT_URL_S3'],
    credentials = defaultProvider(),
    clock: time = clock,
  }: FormPorts = {},
): UploadForms {
  const host = `${bucket}.s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const url = endpoint === undefined ? `https://${host}/` : `${endpoint}/${bucket}`;
  return {
    async formFor(object) {
      const fields = postFormFields(object, {
        bucket,
        region,
        credentials: await credentials(),
        nowMs: time.now(),
        lifetimeSeconds: limits.uploadFormLifetimeSeconds,
      });
      return { url, fields };
    },
  };
}
