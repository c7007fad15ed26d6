/** Which names a room may be given. Finding a room is laxer: rooms from before these rules keep their names. */
import { isReservedRoomName } from '../names.ts';
import { mixesLookalikes, skeletonOf } from './lookalikes.ts';

/**
 * Invisible although they are letters or marks: what Unicode calls default-ignorable, two blank hieroglyphs, a filler
 * and a joiner that it does not.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}\u{16fe4}\u{1107f}]/u;

/** Letters that only draw a line, as an underscore does. */
const lines = /[\u02cd\u0640\u07fa]/u;

/** On the decomposed form, in which `é` is a letter and its mark. */
const markWithoutLetter = /(?:^|[_.-])\p{M}/u;
const tooManyMarks = /\p{M}{5}/u;
const sameMarkTwice = /(\p{Mn})\1/u;

/** Also without dashes, or with other signs in their place. */
const idForm = /^[0-9a-f]{8}(?:[-_.]?[0-9a-f]{4}){3}[-_.]?[0-9a-f]{12}$/i;

/** Whether it is, or looks like, the name of a direct room. */
function looksReserved(name: string): boolean {
  return isReservedRoomName(name) || isReservedRoomName(skeletonOf(name));
}

/** Digits whose look is a letter's are put back. */
function looksLikeId(name: string): boolean {
  return idForm.test(name) || idForm.test(skeletonOf(name).replaceAll('o', '0').replaceAll('l', '1'));
}

/** Each with what a person is told of it; the first that fits is told. */
const faults: readonly [message: string, applies: (name: string) => boolean][] = [
  ['must not be . or ..', (name) => name === '.' || name === '..'],
  ['must not contain invisible characters', (name) => invisible.test(name)],
  ['must not contain letters that look like a line', (name) => lines.test(name)],
  ['must not start with dm_', looksReserved],
  ['must not have the form of an id', looksLikeId],
  ['must not contain a combining mark without a letter', (name) => markWithoutLetter.test(name)],
  ['must not contain more than four combining marks in a row', (name) => tooManyMarks.test(decomposed(name))],
  ['must not repeat a combining mark', (name) => sameMarkTwice.test(decomposed(name))],
  ['must not mix scripts whose letters look alike', mixesLookalikes],
];

const decomposed = (name: string): string => name.normalize('NFD');

/** Why no room may be given that name, for the person who chose it; undefined when one may. The name is NFKC. */
export function faultOfNewRoomName(name: string): string | undefined {
  return faults.find(([, applies]) => applies(name))?.[0];
}
