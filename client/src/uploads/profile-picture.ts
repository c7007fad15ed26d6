/** Uploads a profile picture, and waits until the profile shows it. */
import { pictureTypeOf } from './file-rules.ts';
import { post, type Pause } from './transfer.ts';
import type { UploaderPorts } from './upload-ports.ts';

/** The first look, and the time after which the picture counts as refused. */
const firstLookMs = 400;
const maxLookMs = 5_000;
const patienceMs = 30_000;

/**
 * Returns the address of the picture.
 *
 * @throws {ChatProblem}
 */
export async function setPicture(ports: UploaderPorts, file: Blob, pause: Pause): Promise<string> {
  const { http, clock, Problem, session } = ports;
  const type = pictureTypeOf(file, (refusal) => {
    throw new Problem(refusal);
  });
  const { profile_picture: before } = await http.getProfile();
  const stop = new AbortController();
  const forget = session.ended.add(() => stop.abort());
  try {
    await post(ports, {
      file,
      name: 'picture',
      signal: stop.signal,
      progressed: () => {},
      began: () => {},
      declare: () => http.createProfilePicture({ type, size: file.size }),
    });
    const endMs = clock.now() + patienceMs;
    for (let pauseMs = firstLookMs; clock.now() < endMs; pauseMs = Math.min(maxLookMs, pauseMs * 2)) {
      await pause(pauseMs);
      const { profile_picture: now } = await http.getProfile();
      if (now !== null && now !== before) return now;
    }
  } finally {
    forget();
  }
  throw new Problem({
    code: 'upload_not_checked',
    status: 409,
    detail: 'The picture does not show yet. If it does not in a minute, choose another image.',
  });
}
