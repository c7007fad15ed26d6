/** Uploads in a running local runtime, without the operations that declare them: for tests of what follows the form. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomKey } from '../../shared/domain/files/attachment-id.ts';
import { incomingKey } from '../../shared/domain/files/object-keys.ts';
import type { Upload } from '../../shared/domain/model/uploads.ts';
import { postFormFields } from '../../shared/aws/post-form.ts';
import { uploadStore } from '../../shared/storage/entities/upload.ts';
import { openTable } from '../../shared/storage/open-table.ts';
import type { LocalRuntime } from '../../local/start.ts';

export interface PostedForm {
  url: string;
  fields: Record<string, string>;
}

/** Posts a form with a file as browsers do, and returns the status. */
export async function postForm(
  { url, fields }: PostedForm,
  bytes: Uint8Array | string,
  name = 'file',
): Promise<number> {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.append(field, value);
  data.append('file', new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)]), name);
  const response = await fetch(url, { method: 'POST', body: data });
  await response.text();
  return response.status;
}

/** The bucket of files of a runtime, and the uploads in its table. */
export function filesOf({ url, stack, engine, buckets }: LocalRuntime) {
  const { endpoint, credentials } = engine;
  const database = new DynamoDBClient({ endpoint, credentials, region: stack.region });
  const uploads = uploadStore(openTable(stack.table.tableName, database));
  const { bucketName: bucket } = stack.buckets.find(({ logicalId }) => logicalId.startsWith('Files'))!;
  return {
    bucket,
    uploads,
    /** Stores a declaration, as the operations do. */
    async declare(declared: Partial<Upload> & { declaredSize: number }): Promise<Upload> {
      const now = Date.now();
      const upload: Upload = {
        roomId: crypto.randomUUID(),
        uploadKey: randomKey({ uuid: () => crypto.randomUUID() }),
        userId: crypto.randomUUID(),
        name: 'file',
        declaredType: 'application/octet-stream',
        createdAtMs: now,
        attachableUntilMs: now + 3_600_000,
        state: 'awaited',
        ...declared,
      };
      await uploads.declare(upload);
      return upload;
    },
    /** The form for a declared upload, signed by the operator of the runtime. */
    formOf(upload: Upload): PostedForm {
      return {
        url: `${url}/_aws/s3/${bucket}`,
        fields: postFormFields(
          { key: incomingKey(upload), contentType: upload.declaredType, size: upload.declaredSize },
          {
            bucket,
            region: stack.region,
            credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
            nowMs: Date.now(),
            lifetimeSeconds: 300,
          },
        ),
      };
    },
    /** Returns the key with which functions sign addresses now. */
    async key(): Promise<string> {
      const client = new SecretsManagerClient({
        endpoint: `${url}/_aws/secretsmanager`,
        region: stack.region,
        credentials: { accessKeyId: 'operator', secretAccessKey: 'operator' },
      });
      const { arn: SecretId } = stack.secrets.find(({ logicalId }) => logicalId.startsWith('FilesKey'))!;
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
      client.destroy();
      return (JSON.parse(SecretString) as { key: string }).key;
    },
    /** The objects whose keys start so, with their tags. */
    stored: (prefix: string) =>
      buckets.list(bucket, prefix).map(({ key }) => ({ key, tags: buckets.find(bucket, key)?.tags })),
    close: () => database.destroy(),
  };
}
