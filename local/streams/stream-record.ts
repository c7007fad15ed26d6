/** Converts stream records from the format of GetRecords to the format in which functions receive them. */

import { createHash } from 'node:crypto';

type Attributes = Record<string, unknown>;

/** A record as GetRecords returns it. */
export interface RawStreamRecord {
  eventName: string;
  eventVersion?: string;
  dynamodb: {
    Keys: Attributes;
    NewImage?: Attributes;
    OldImage?: Attributes;
    SequenceNumber: string;
    SizeBytes: number;
    StreamViewType: string;
    /** Seconds since the epoch. */
    ApproximateCreationDateTime: number;
  };
  userIdentity?: { PrincipalId?: string; Type?: string; principalId?: string; type?: string };
}

/** A record as a function receives it. */
export interface StreamRecord {
  eventID: string;
  eventName: string;
  eventVersion: string;
  eventSource: 'aws:dynamodb';
  awsRegion: string;
  dynamodb: RawStreamRecord['dynamodb'];
  eventSourceARN: string;
  userIdentity?: { type: string; principalId: string };
}

/** Converts a record; its event id is the same for each delivery. */
export function toStreamRecord(raw: RawStreamRecord, region: string, streamArn: string): StreamRecord {
  const { Keys, NewImage, OldImage, SequenceNumber, SizeBytes, StreamViewType, ApproximateCreationDateTime } =
    raw.dynamodb;
  const { userIdentity } = raw;
  return {
    eventID: createHash('md5').update(`${streamArn} ${SequenceNumber}`).digest('hex'),
    eventName: raw.eventName,
    eventVersion: raw.eventVersion ?? '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: region,
    dynamodb: {
      ApproximateCreationDateTime,
      Keys,
      ...(NewImage !== undefined && { NewImage }),
      ...(OldImage !== undefined && { OldImage }),
      SequenceNumber,
      SizeBytes,
      StreamViewType,
    },
    eventSourceARN: streamArn,
    ...(userIdentity && {
      // The streams API capitalizes these members, Lambda's events do not.
      userIdentity: {
        type: userIdentity.type ?? userIdentity.Type ?? 'Service',
        principalId: userIdentity.principalId ?? userIdentity.PrincipalId ?? '',
      },
    }),
  };
}
