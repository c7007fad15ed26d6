/** A round picture of a user or a room: its initials on a color that stays the same. */

interface AvatarProps {
  /** Chooses the color. */
  id: string;
  name: string;
}

/** As many as the style sheet has. */
const colors = 8;

/**
 * Says nothing that the name beside it does not say, so it is not read aloud. The style sheet draws the initials, since they
 * are no text: a voice control would expect them in the name of a link around it.
 */
export function Avatar({ id, name }: AvatarProps) {
  return (
    <span className="avatar" data-color={colorOf(id)} data-initials={initialsOf(name)} aria-hidden="true" />
  );
}

function colorOf(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % colors;
}

/** Returns the first letters of the first two words. */
function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => word !== '');
  const letters = words.slice(0, 2).map((word) => String.fromCodePoint(word.codePointAt(0) ?? 0));
  return letters.join('').toUpperCase();
}
