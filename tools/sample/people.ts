/** Who takes part in the sample community, and where they talk. */

export interface Person {
  username: string;
  firstName: string;
  lastName: string;
}

export const people: readonly Person[] = [
  { username: 'ann', firstName: 'Ann', lastName: 'Fisher' },
  { username: 'bob', firstName: 'Bob', lastName: 'Turner' },
  { username: 'carla', firstName: 'Carla', lastName: 'Moreno' },
  { username: 'daniel', firstName: 'Daniel', lastName: 'Weber' },
  { username: 'elena', firstName: 'Elena', lastName: 'Castle' },
  { username: 'frank', firstName: 'Frank', lastName: 'Miller' },
  { username: 'grace', firstName: 'Grace', lastName: 'Lee' },
  { username: 'hugo', firstName: 'Hugo', lastName: 'Martin' },
  { username: 'iris', firstName: 'Iris', lastName: 'Walker' },
  { username: 'jonas', firstName: 'Jonas', lastName: 'Berg' },
  { username: 'kate', firstName: 'Kate', lastName: 'Brown' },
  { username: 'leo', firstName: 'Leo', lastName: 'Green' },
];

const everyone = people.map(({ username }) => username);

export interface SampleRoom {
  name: string;
  description: string;
  isPrivate: boolean;
  /** The first is the owner. */
  members: readonly string[];
  /** How many messages it has, about. */
  size: number;
}

export const rooms: readonly SampleRoom[] = [
  { name: 'general', description: 'For everyone', isPrivate: false, members: everyone, size: 340 },
  {
    name: 'engineering',
    description: 'Builds, reviews and the things that broke',
    isPrivate: false,
    members: ['daniel', 'ann', 'bob', 'elena', 'hugo', 'jonas', 'leo'],
    size: 380,
  },
  {
    name: 'design',
    description: 'Screens, words and colors',
    isPrivate: false,
    members: ['carla', 'ann', 'grace', 'iris', 'leo'],
    size: 220,
  },
  {
    name: 'support',
    description: 'What customers ask',
    isPrivate: false,
    members: ['kate', 'ann', 'bob', 'frank', 'grace', 'jonas'],
    size: 280,
  },
  {
    name: 'lunch',
    description: 'Where to, and who is coming',
    isPrivate: false,
    members: everyone,
    size: 190,
  },
  {
    name: 'random',
    description: 'Everything else',
    isPrivate: false,
    members: ['hugo', 'ann', 'bob', 'carla', 'frank', 'iris', 'kate', 'leo'],
    size: 190,
  },
  {
    name: 'release-planning',
    description: 'What ships when',
    isPrivate: true,
    members: ['elena', 'ann', 'carla', 'daniel', 'grace', 'kate'],
    size: 180,
  },
  {
    name: 'hiring',
    description: 'Candidates and interviews',
    isPrivate: true,
    members: ['grace', 'ann', 'daniel', 'elena'],
    size: 100,
  },
];

/** Pairs with a direct conversation. */
export const pairs: readonly (readonly [string, string])[] = [
  ['ann', 'bob'],
  ['carla', 'ann'],
  ['ann', 'elena'],
  ['grace', 'ann'],
  ['bob', 'jonas'],
  ['daniel', 'hugo'],
  ['kate', 'frank'],
  ['iris', 'leo'],
];

export const directSize = 35;
