/** The rules for the name of a new or renamed room. Rooms named before these rules keep their names and are found. */
import { isReservedRoomName } from '../names.ts';
import { mixesLookalikes, skeletonOf } from './lookalikes.ts';

/**
 * Letters and marks that are invisible: the default-ignorable ones of Unicode, and four that Unicode does not list as
 * such (two blank hieroglyphs, a filler and a joiner).
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\u{13441}\u{13442}\u{16fe4}\u{1107f}]/u;

/** Letters that look like an underscore. */
const underscoreLookalike = /[\u02cd\u0640\u07fa]/u;

/** These are tested on the decomposed form, in which `é` is a letter followed by its mark. */
const markWithoutLetter = /(?:^|[_.-])\p{M}/u;
const tooManyMarks = /\p{M}{5}/u;
const sameMarkTwice = /(\p{Mn})\1/u;

/** A UUID, also without its dashes or with other separators. */
const idForm = /^[0-9a-f]{8}(?:[-_.]?[0-9a-f]{4}){3}[-_.]?[0-9a-f]{12}$/i;

/** Whether the name is reserved for direct rooms or looks as if it were. */
function looksReserved(name: string): boolean {
  return isReservedRoomName(name) || isReservedRoomName(skeletonOf(name));
}

/** The skeleton has letters in place of the digits 0 and 1, which look like them. */
function looksLikeId(name: string): boolean {
  return idForm.test(name) || idForm.test(skeletonOf(name).replaceAll('o', '0').replaceAll('l', '1'));
}

/** The rules, each with the message for a name that breaks it. */
const rules: readonly [message: string, isBroken: (name: string) => boolean][] = [
  ['must not be . or ..', (name) => name === '.' || name === '..'],
  ['must not contain invisible characters', (name) => invisible.test(name)],
  ['must not contain letters that look like a line', (name) => underscoreLookalike.test(name)],
  ['must not start with dm_', looksReserved],
  ['must not have the form of an id', looksLikeId],
  ['must not contain a combining mark without a letter', (name) => markWithoutLetter.test(name)],
  ['must not contain more than four combining marks in a row', (name) => tooManyMarks.test(decomposed(name))],
  ['must not repeat a combining mark', (name) => sameMarkTwice.test(decomposed(name))],
  ['must not mix scripts whose letters look alike', mixesLookalikes],
];

const decomposed = (name: string): string => name.normalize('NFD');

/** Returns the message of the first rule that a name in NFKC breaks, or undefined when a room may have the name. */
export function explainInvalidRoomName(name: string): string | undefined {
  return rules.find(([, isBroken]) => isBroken(name))?.[0];
}
