/** A round picture of a user or a room: the user's own, or initials on a color that stays the same. */
import { useState } from 'react';
import { usePicture } from './pictures.ts';

interface AvatarProps {
  /** Of a user or a room. It chooses the color. */
  id: string;
  name: string;
  isLarge?: boolean;
}

/** As many as the style sheet has. */
const colors = 8;

/**
 * Says nothing that the name beside it does not say, so it is not read aloud. The style sheet draws the initials, since they
 * are no text: a voice control would expect them in the name of a link around it. They stay in sight until a picture has
 * arrived, and when it does not.
 */
export function Avatar({ id, name, isLarge = false }: AvatarProps) {
  const picture = usePicture(id);
  const [failed, setFailed] = useState<string>();
  return (
    <span
      className="avatar"
      data-color={colorOf(id)}
      data-initials={initialsOf(name)}
      data-large={isLarge}
      aria-hidden="true"
    >
      {picture !== undefined && picture !== failed && (
        <img
          src={isLarge ? picture : smallOf(picture)}
          alt=""
          decoding="async"
          onError={() => setFailed(picture)}
        />
      )}
    </span>
  );
}

/** The server keeps two sizes of a picture, and names the larger one. */
function smallOf(address: string): string {
  return address.replace(/\/320$/, '/96');
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
