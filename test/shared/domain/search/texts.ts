/** Random texts of many scripts for the properties of searching. */
import * as fc from 'fast-check';

/** Ranges of characters with marks, compositions, compatibility forms, invisible characters and emoji. */
const ranges: [number, number][] = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x4ff],
  [0x590, 0x6ff],
  [0x900, 0x97f],
  [0xe00, 0xeff],
  [0xf00, 0xfff],
  [0x1000, 0x109f],
  [0x1100, 0x11ff],
  [0x1e00, 0x1fff],
  [0x2000, 0x20ff],
  [0x3040, 0x318f],
  [0x4e00, 0x4fff],
  [0xac00, 0xd7ff],
  [0xfb00, 0xfdff],
  [0xfe00, 0xffef],
  [0x1d15e, 0x1d1c0],
  [0x1f300, 0x1f64f],
];

const character = fc
  .oneof(...ranges.map(([from, to]) => fc.integer({ min: from, max: to })))
  .map((code) => String.fromCodePoint(code));

/** Mixes scripts within a few characters, where what one of them does to another shows. */
export const mixedText = fc.array(character, { minLength: 1, maxLength: 8 }).map((parts) => parts.join(''));
