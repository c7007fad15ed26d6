/**
 * Lambda entry for files. The bucket reports what was posted; a send that names an upload which is not checked yet has it
 * checked at once; and where there is no edge, the HTTP API passes on the addresses of files.
 */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ChatError } from '../../shared/domain/chat-error.ts';
import { placeOfIncoming } from '../../shared/domain/files/object-keys.ts';
import type { UploadPlace, UploadState } from '../../shared/domain/model/uploads.ts';
import { withMetrics } from '../../shared/lambda/metrics.ts';
import { answerAddress } from './answer-address.ts';
import { checkUpload, storeAttachment } from './check-upload.ts';
import { dependencies } from './dependencies.ts';
import { showPicture } from './show-picture.ts';

const ports = dependencies();

/** The part of an event of S3 that is used. */
interface ObjectCreated {
  detail: { object: { key: string } };
}

/** Asks for the check of an upload, and waits for it. */
interface CheckRequest {
  check: UploadPlace;
}

/** `gone`: there is no such upload any more. */
interface CheckAnswer {
  state: UploadState | 'gone';
}

type Payload = ObjectCreated | CheckRequest | APIGatewayProxyEventV2;

export const handler = withMetrics(
  async (payload: Payload): Promise<APIGatewayProxyStructuredResultV2 | CheckAnswer | undefined> => {
    if ('check' in payload) return check(payload.check);
    if ('requestContext' in payload) return answerAddress(ports, payload);
    const place = postedTo(payload.detail.object.key);
    return place === undefined ? undefined : check(place);
  },
);

async function check(place: UploadPlace): Promise<CheckAnswer> {
  const upload = await checkUpload(ports, place, (found, bytes) =>
    found.purpose === 'picture' ? showPicture(ports, found, bytes) : storeAttachment(ports, found, bytes),
  );
  return { state: upload?.state ?? 'gone' };
}

/** An object that no form has put there belongs to no upload; a repeat of the event would change nothing. */
function postedTo(key: string): UploadPlace | undefined {
  try {
    return placeOfIncoming(key);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    ports.logger.warn('An object was put into the folder of uploads that no form names', { key });
    return undefined;
  }
}
