/** Reads the form by which a browser uploads an object. */

import type { IncomingMessage } from 'node:http';
import busboy from '@fastify/busboy';
import { S3Error } from './s3-error.ts';

export interface PostForm {
  /** The fields before the file, by lowercase names; S3 ignores those after it. */
  fields: ReadonlyMap<string, string>;
  file: { name: string; body: Buffer; sizeBytes: number };
}

/** S3's limit for everything that precedes the file. */
const maxFieldBytes = 20_480;
/** The bytes of a file that are kept in memory; a longer one counts with its length, and no policy of the project allows it. */
const maxFileBytes = 100 * 1_024 * 1_024;

/**
 * Reads a form.
 * @throws S3Error MalformedPOSTRequest, InvalidArgument, MissingContentLength, MaxPostPreDataLengthExceeded
 */
export async function readPostForm(request: IncomingMessage): Promise<PostForm> {
  if (request.headers['content-length'] === undefined)
    throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
  const fields = new Map<string, string>();
  let fieldBytes = 0;
  let file: PostForm['file'] | undefined;
  let otherFiles = 0;
  await parse(request, {
    onField(name, value) {
      fieldBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (name === 'file') file = { name: '', body: Buffer.from(value), sizeBytes: Buffer.byteLength(value) };
      else fields.set(name.toLowerCase(), value);
    },
    onFile(name, found) {
      if (name === 'file' && file === undefined) file = found;
      else otherFiles += 1;
    },
  });
  if (fieldBytes > maxFieldBytes)
    throw new S3Error(
      'MaxPostPreDataLengthExceeded',
      'Your POST request fields preceding the upload file were too large.',
    );
  if (file === undefined || otherFiles > 0)
    throw new S3Error('InvalidArgument', 'POST requires exactly one file upload per request.', {
      ArgumentName: 'file',
      ArgumentValue: otherFiles + (file === undefined ? 0 : 1),
    });
  return { fields, file };
}

interface FormParts {
  onField: (name: string, value: string) => void;
  onFile: (name: string, file: PostForm['file']) => void;
}

function parse(request: IncomingMessage, { onField, onFile }: FormParts): Promise<void> {
  return new Promise((resolve, reject) => {
    const malformed = (): void => {
      request.unpipe();
      // The rest is read and discarded, so that the client can read the answer.
      request.resume();
      reject(
        new S3Error(
          'MalformedPOSTRequest',
          'The body of your POST request is not well-formed multipart/form-data.',
        ),
      );
    };
    let form;
    try {
      form = busboy({
        headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
        limits: { fieldSize: maxFieldBytes + 1 },
      });
    } catch {
      return malformed();
    }
    let isPastFile = false;
    form.on('field', (name, value) => {
      if (!isPastFile) onField(name, value);
    });
    form.on('file', (name, stream, fileName) => {
      isPastFile = true;
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      stream.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= maxFileBytes) chunks.push(chunk);
      });
      // A form that ends too early makes its files fail as well as itself.
      stream.on('error', () => undefined);
      stream.on('end', () => onFile(name, { name: fileName ?? '', body: Buffer.concat(chunks), sizeBytes }));
    });
    form.on('error', malformed);
    form.on('finish', resolve);
    request.on('aborted', malformed);
    request.pipe(form);
  });
}
