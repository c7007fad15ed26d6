/** Access tokens for what the run itself asks for: signed in again before they end, since they end soon here. */

import { signIn, type Person } from '../harness/people.ts';

/** Half of what they live for. */
const renewAfterMs = 30_000;
const signedInAt = new WeakMap<Person, number>();

export async function accessOf(url: string, person: Person): Promise<string> {
  const at = signedInAt.get(person);
  if (at === undefined) signedInAt.set(person, Date.now());
  else if (Date.now() - at > renewAfterMs) {
    signedInAt.set(person, Date.now());
    Object.assign(person, await signIn(url, person.username));
  }
  return person.access;
}
