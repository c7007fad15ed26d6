/** Access tokens for the requests of the run itself. They are replaced early, since their lifetime is short here. */

import { signIn, type Person } from '../harness/people.ts';

/** Half of their lifetime. */
const renewAfterMs = 30_000;
const signedInAtMs = new WeakMap<Person, number>();

export async function accessOf(url: string, person: Person): Promise<string> {
  const sinceMs = signedInAtMs.get(person);
  if (sinceMs === undefined) signedInAtMs.set(person, Date.now());
  else if (Date.now() - sinceMs > renewAfterMs) {
    signedInAtMs.set(person, Date.now());
    Object.assign(person, await signIn(url, person.username));
  }
  return person.access;
}
