/** Exchanges of everyday life, by room, in the form of work-talk.ts; and short answers that may follow any exchange. */
export const smallTalk: Record<string, readonly string[]> = {
  general: [
    `a: Good morning! The coffee machine on the second floor works again.
     b: You have just saved this {weekday}.
     c: Finally!`,
    `a: Reminder: the office closes at {time} on {weekday}.
     b: Does the side door stay open?
     a: No, please take your things with you.`,
    `a: I will be out from {weekday}. {person} knows everything about my tickets.
     b: Enjoy! Where are you going?
     a: {place}, by train.
     c: Send pictures!`,
    `a: All hands is at {time} today. Topics: the new {feature}, the numbers of the month, questions.
     b: Will it be recorded?
     a: Yes, and the notes go into this room.
     a: Notes: the {feature} ships on {weekday}, and we are {count} percent above the plan.
     c: Great work, everyone.`,
    `a: Please welcome our new colleague! They start in support this week.
     b: Welcome! Ask anything, we all started here once.
     c: Welcome aboard.
     d: Hello and welcome!`,
    `a: Did anyone find a blue umbrella?
     b: There is one at the front desk.
     a: That is mine, thank you.`,
    `a: The video of the talk in {place} is online. {person} did very well.
     b: Watched it twice. The part about {feature} is worth it alone.`,
    `a: Fire drill on {weekday} at {time}. It takes ten minutes, please really go outside.
     b: Rain or shine?
     a: Rain or shine.`,
  ],
  lunch: [
    `a: Lunch at {time}? I feel like {dish}.
     b: I am in.
     c: Me too. Meet at the entrance?
     a: Yes, see you there.`,
    `a: Is the market open today?
     b: Yes, and the {dish} stand is back.
     a: Say no more.`,
    `a: I brought {dish}, there is far too much of it. Second floor kitchen.
     b: On my way!
     c: It is very good. Recipe, please.
     a: I will write it down for {weekday}.`,
    `a: No one wants to go out in this rain, right?
     b: Let us order. {dish}?
     c: Two, please.
     d: One for me as well.
     a: Ordered. It will be here at {time}.`,
    `a: Table for {count} at {time}. Who is missing?
     b: Me! Keep a chair for me.`,
  ],
  random: [
    `a: What are you all reading?
     b: A book about lighthouses. It is better than it sounds.
     c: The manual of my new oven.
     a: I will take the lighthouses.`,
    `a: I ran ten kilometers for the first time!
     b: Congratulations! How are the legs?
     a: I will know on {weekday}.`,
    `a: Question of the day: what is the best snack for a long train ride to {place}?
     b: {dish}, cold.
     c: Apples. You monsters.`,
    `a: My neighbor plays the trumpet. Beginner level.
     b: Offer to pay for the lessons.
     c: Or buy drums.`,
    `a: Does anyone want two tickets for {weekday}? I cannot go.
     b: I would love to!
     a: They are on your desk.`,
    `a: Photo from the trip to {place}: imagine a very small boat and a very large wave.
     b: Imagining it is enough for me.`,
  ],
  direct: [
    `a: Do you have five minutes?
     b: Sure, what is it?
     a: It is about {ticket}. I do not understand the second part.
     b: It means that the {feature} has to work offline as well.
     a: Ah! That explains it. Thanks.`,
    `a: Thank you for helping me yesterday.
     b: Any time. Did it work in the end?
     a: Yes, it was one missing word in {module}.`,
    `a: Are you coming to {place} with us?
     b: I would like to. When do we have to decide?
     a: By {weekday}.
     b: Then put me on the list.`,
    `a: Could you look over my text for {weekday}?
     b: Send it, I have time after {time}.
     b: Read it. I would start with the example, the rest is great.
     a: Much better that way. Thank you!`,
    `a: {person} asked whether we can move our meeting to {time}.
     b: Fine for me.`,
    `a: Coffee?
     b: Two minutes.`,
    `a: I have the numbers for {version}: {number} ms in the median.
     b: That is half of what we had. Did you change the cache?
     a: No, only one query less.
     b: The best kind of change.`,
    `a: Happy birthday!
     b: You remembered! There is {dish} in the kitchen, come over.`,
  ],
};

/** Short answers of a further person. */
export const answers = [
  'Thanks!',
  'Good to know.',
  'On it.',
  'Sounds good.',
  '👍',
  'Same here.',
  'Great, thank you.',
  'I will have a look.',
  'Makes sense.',
  'Count me in.',
  '🎉',
  'Oh yes.',
];

/** Messages whose authors delete them. */
export const slips = [
  'Oops, wrong room.',
  'This was meant for someone else, sorry.',
  'Never mind, I found it.',
  'Ignore this, please.',
];

/** What the words in braces may be. */
export const words: Record<string, readonly string[]> = {
  weekday: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  time: ['9:30', '11:45', '12:00', '12:15', '13:00', '14:30', '16:00', '17:00'],
  place: ['Lisbon', 'Oslo', 'Vienna', 'Porto', 'Dublin', 'Turin', 'Bergen', 'Ghent', 'Krakow'],
  dish: ['soup', 'dumplings', 'pizza', 'curry', 'noodles', 'apple cake', 'tacos', 'salad', 'waffles'],
  feature: ['search', 'room list', 'read markers', 'sign-in page', 'export', 'offline mode', 'typing notice'],
  module: ['the outbox', 'the token store', 'the parser', 'the scheduler', 'the cache', 'the importer'],
  branch: ['main', 'the release branch', 'the search branch', 'my branch'],
  ticket: ['#1204', '#1217', '#1233', '#1240', '#1256', '#1271', '#1288', '#1302', '#1319'],
  version: ['2.3', '2.3.1', '2.4', '2.4.1', '2.4.2', '2.5'],
  number: ['180', '240', '310', '420', '75', '90', '130'],
  small: ['4', '6', '8', '9', '12'],
  count: ['3', '4', '5', '6', '7', '8'],
  lines: ['80', '120', '200', '340'],
  limit: ['4,000'],
};
