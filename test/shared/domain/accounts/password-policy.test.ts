import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commonWords } from '../../../../shared/domain/accounts/common-words.ts';
import {
  isCommonPassword,
  assertAcceptablePassword,
} from '../../../../shared/domain/accounts/password-policy.ts';

/** Well-known examples of every kind that the policy must recognize. */
const notorious =
  `password password1 password12 password123 passw0rd p@ssword p@ssw0rd P@ssw0rd1 Passw0rd! pa55word
  Password1! 12345678 123456789 1234567890 87654321 987654321 11111111 00000000 88888888 66666666 12341234 123123123
  12344321 11223344 13131313 19901990 20202020 159753159 147258369 789456123 0123456789 qwertyui qwertyuiop qwerty12
  qwerty123 qwerty1234 Qwerty@123 1qaz2wsx 1qazxsw2 zaq12wsx zaq1zaq1 !QAZ2wsx qazwsxedc q1w2e3r4 1q2w3e4r 1q2w3e4r5t
  asdfghjk asdfghjkl asdf1234 asdfasdf zxcvbnm1 zxcvbnm, qwer1234 1234qwer 123qweasd qweasdzxc qwe123qwe a1b2c3d4
  1a2b3c4d abcd1234 1234abcd abc12345 123abc123 a1234567 a123456789 abcdefgh abcdefg1 aaaaaaaa abababab abcabcabc
  iloveyou iloveyou1 iloveyou2 iloveu123 lovelove teamo123 woaini1314 sunshine sunshine1 princess princess1 football
  football1 baseball baseball1 basketball superman superman1 batman123 spiderman1 starwars welcome1 welcome123
  Welcome@123 we1come1 letmein1 letmein! letmein123 l3tm3in1 trustno1 trustno1! changeme secret123 admin123
  administrator adm1n123 Admin@123 test1234 testtest testing123 google123 samsung1 pokemon1 minecraft1 computer
  internet whatever nothing1 michelle jennifer michael1 jessica1 ashley12 jordan23 charlie1 harley01 elizabeth
  alexander victoria corvette mercedes maverick liverpool chelsea1 arsenal1 manchester yankees1 dragon12 dragon123
  monkey12 monkey123 shadow123 master123 freedom1 fuckyou1 asshole1 babygirl1 blink182 rockyou1 Summer2024
  Winter2023! January1 bailey12 buster01 tigger12 ginger12 pepper12 hunter12
  password samantha steelers hardcore butthead midnight marlboro bigdaddy nicholas danielle jonathan mountain
  cocacola scorpion explorer redskins creative rush2112 swordfish william1 charlotte elephant shithead metallica
  lifehack dolphins startrek babygirl bullshit franklin security remember slipknot patricia kimberly snowball
  gateway1 christin christian christine alexandra stephanie veronica brooklyn panthers cowboys1 lakers24
  pokemon123 master12 shadow12 12121212 69696969 55555555 77777777 99999999 01012011 31415926 secret12 andrew12
  matthew1 anthony1 barcelona realmadrid juventus hello123 blessed1 forever1 soccer12 hockey12 cheerleader
  butterfly chocolate strawberry sweetheart angel123 babyboy1 killer12 ranger12 thunder1 mustang1 ferrari1
  porsche1 harley12 yamaha12 suzuki12 einstein scarface wolverine godzilla superstar spiderman batman12 nintendo
  playstation dreamer1 diamond1 crystal1 icecream cookie12 bulldogs broncos1 packers1 gangster skateboard
  snickers guinness budlight smirnoff drummer1 guitar12 enigma12 gandalf1 matrix12 phoenix1 predator terminator
  millenium natasha1 katherine margaret benjamin sebastian leonardo valentin fernando santiago alejandro gabriela
  estrella princesa mariposa tequiero cristina carolina patricio garfield snoopy12 tinkerbell scooby12 thomas12
  robert12 daniel12 joseph12 richard1 mercury1 apollo13 goldfish airborne infantry marines1 navyseal cthulhu1
  warcraft starcraft runescape counterstrike halflife undertaker stonecold johncena hotmail1 yahoo123 google12
  facebook linkedin myspace1 poiuytrewq lkjhgfdsa mnbvcxz1 1z2x3c4v 1password pass1234 password! drowssap
  masterkey sysadmin windows1 wildcats tarheels volleyball gymnastics swimming airplane firebird greenday
  nirvana1 ladygaga justin12 onedirection beatles1 aerosmith godsmack megadeth`.split(/\s+/);

const decorations = [
  '',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '123456',
  '!',
  '1!',
  '123!',
  '@123',
  '01',
  '69',
  '007',
];
const years = Array.from({ length: 80 }, (_, index) => String(1950 + index));

const assess =
  (field: string, password: string, owner = { username: 'other-user', email: '' }) =>
  () =>
    assertAcceptablePassword(field, password, owner);

describe('a common password', () => {
  it.each(notorious)('%s is recognized', (password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it('is recognized among more than six thousand of at least eight characters', () => {
    const words = [...commonWords];
    const alone = words.filter((word) => word.length >= 8);
    // Every word with some of the endings, and every ending with some of the words.
    const endings = [...decorations, ...years];
    const decorated = words.flatMap((word, index) =>
      [0, 31, 62].map((step) => `${word}${endings[(index + step) % endings.length]}`),
    );
    const long = new Set([...alone, ...decorated].filter((password) => password.length >= 8));
    expect(long.size).toBeGreaterThan(6_000);
    expect([...long].filter((password) => !isCommonPassword(password))).toEqual([]);
  });

  it.each([
    ['in capitals', 'SUNSHINE'],
    ['in mixed case', 'SunShine'],
    ['in full-width letters', 'ｓｕｎｓｈｉｎｅ'],
    ['with spaces between its words', 'i love you'],
    ['with signs between its words', 'trust.no-1'],
    ['with decorations on both sides', '**sunshine!!'],
  ])('is recognized %s', (_, password) => {
    expect(isCommonPassword(password)).toBe(true);
  });

  it.each([
    'lantern-orbit-42',
    'correct-horse-7',
    'quiet-harbour-9',
    'kT9#vLw2',
    'xk81mq0z',
    'tugboat-92-marble',
    'sunshine-over-the-bay',
    '  spaces  ',
    'before\0after',
    '831940275566018',
    'drowssap-yelsel',
    'пароль-из-слов',
    '日本語のパスワード',
  ])('is not %j', (password) => {
    expect(isCommonPassword(password)).toBe(false);
  });

  it('is never a random string of twelve or more letters and digits', () => {
    const letter = fc.constantFrom(...'bdghkmnprtvwxz2468'.split(''));
    fc.assert(
      fc.property(fc.array(letter, { minLength: 12, maxLength: 16 }), (letters) => {
        // A random string may be a repetition, if rarely.
        fc.pre(new Set(letters).size > 6);
        expect(isCommonPassword(letters.join(''))).toBe(false);
      }),
    );
  });

  it('is decided within 200 ms for the longest passwords', () => {
    for (const unit of ['1', '!', 'a', 'ab', 'qwertyui', '1a', 'ä', '\u{1f511}']) {
      const startedAtMs = performance.now();
      isCommonPassword(unit.repeat(256 / unit.length));
      isCommonPassword(`${unit.repeat(255 / unit.length)}\u00df`);
      expect(performance.now() - startedAtMs).toBeLessThan(200);
    }
  });

  it('is refused with the name of its field', () => {
    expect(assess('new_password', 'sunshine1')).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        fields: [{ path: 'new_password', message: 'The new password is too common.' }],
      }),
    );
  });
});

describe('a password made of a name of its user or of the service', () => {
  const owner = { username: 'Ann.Arbor77', email: 'Arbor.Day+chat@example.com' };

  it.each([
    'ann.arbor77',
    'ANN.ARBOR77',
    'annarbor77',
    'ann_arbor77!',
    'Ann.Arbor77123',
    '1Ann.Arbor77',
    '4nn.4rb0r77',
    '77robra.nna',
    'arbor.day+chat',
    'arborday+chat1',
    'arbor.day+chat@example.com',
    'ａｎｎ．ａｒｂｏｒ７７',
    'serverless-chat',
    'ServerlessChat1',
    'realtime-chat',
  ])('is refused: %s', (password) => {
    expect(assess('password', password, owner)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        fields: [expect.objectContaining({ path: 'password' })],
      }),
    );
  });

  it('is accepted when the name is only a part of it', () => {
    expect(assess('password', 'ann.arbor77-feeds-ducks', owner)).not.toThrow();
    expect(assess('password', 'arbor-plus-lantern', owner)).not.toThrow();
  });

  it('is not assumed when the user has no e-mail address', () => {
    expect(assess('password', 'copper-lantern-71', { username: 'ann', email: '' })).not.toThrow();
  });
});

describe('a password of one block of digits and a few letters', () => {
  it.each([
    'Aa123456!',
    'Aa112233!',
    'Ab19871225',
    'Zz987654!',
    '!2024abc',
    '@Qq1111!!',
    '1234567aA',
    'Xyz-2024!',
  ])('is refused: %s', (password) => {
    expect(assess('password', password)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it.each(['k7Tq!2xZ', 'x9-4w-7q-2m', '7$9!2k4&', 'lantern-orbit-42', 'bus 4711 home', 'tram8842!'])(
    'is not confused with a mixed password or one that contains a word: %s',
    (password) => {
      expect(assess('password', password)).not.toThrow();
    },
  );
});
