/**
 * Exchanges about work, by room. Each line begins with who speaks, as a letter: the same letter is the same person. A word in
 * braces is replaced by one of `words`.
 */
export const workTalk: Record<string, readonly string[]> = {
  engineering: [
    `a: The build of {branch} is red. Looks like {module} again.
     b: I saw it too, it passes here. Which Node version does the runner have?
     a: Still the old one. I will pin it and run it again.
     b: Green now. Thanks!`,
    `a: Can someone review {ticket}? It is about {lines} lines, most of them tests.
     b: I can take it before lunch.
     b: Done. One question about {module}, the rest is fine.
     a: Good catch. I renamed it and added a comment.`,
    `a: {module} times out for about one request in a thousand since {weekday}.
     b: Is it always the same host?
     a: No, all of them. The requests that hang have no answer after {number} seconds.
     c: That could be the connection pool. A socket that died silently looks exactly like that.
     a: You are right, it is the pool. A short timeout and one retry fix it.
     b: Please write that down in the runbook. We will forget it otherwise.`,
    `a: Who is on call next week?
     b: Me, unless someone wants to swap {weekday}.
     c: I can take {weekday}.
     b: Deal.`,
    `a: I measured the new index: {number} ms before, {small} ms after.
     b: Nice. Does it cost more to write?
     a: One more unit for each message. I think it is worth it.
     c: Agreed. Keep the numbers in the pull request.`,
    `a: Does anyone remember why {module} copies the list before it sorts it?
     b: Because the caller keeps the old one. There was a bug about it, {ticket}.
     a: I will add a test with that name, then.`,
    `a: Deploying {version} to staging.
     a: Done, all checks are green.
     b: I will try the {feature} there.
     b: Works. The empty state could be friendlier, but that is for design.`,
    `a: The flaky test is back. It waits for a fixed time.
     b: Which one?
     a: "{feature} after a reconnect". I will make it wait for the event.
     c: Thank you! That one cost me an hour on {weekday}.`,
    `a: Should {module} retry, or should the caller?
     b: The caller. It knows whether it is worth the time.
     c: And only one layer should, or we multiply the load when things are already bad.
     a: Makes sense. I will take the retries out of {module}.`,
  ],
  design: [
    `a: New version of the {feature} is in the file, {number} screens.
     b: I like the spacing. Is the contrast enough in dark mode?
     a: 4.6 for the small text. I will make it a little lighter.
     b: Perfect.`,
    `a: Which word do we use, "sign in" or "log in"?
     b: "Sign in". It is in the list of words since {weekday}.
     a: Then {count} screens need a change. I will do it today.`,
    `a: On the phone the {feature} jumps when the keyboard opens.
     b: Only when the list is at the end, right?
     a: Right. Can we keep the position there?
     c: Yes, I have a fix for that. It will be in {version}.`,
    `a: I tried the {feature} with the keyboard alone. Two buttons cannot be reached.
     b: Which ones?
     a: The close button of the panel, and the menu of a message.
     b: Fixed both. Focus goes back to where it was now.`,
    `a: Do we need an icon for "muted"?
     b: A word is clearer, and there is room for it.
     c: I agree. We can still add one when people ask.`,
    `a: The empty state of the {feature} needs a sentence.
     b: "No messages yet. Say hello!"
     a: Short and friendly. Taken.`,
  ],
  support: [
    `a: A customer from {place} asks whether they can export their messages.
     b: Yes, under the account settings. It is one file for everything.
     a: They found it. They ask how long it takes.
     b: A few seconds for most accounts.`,
    `a: {count} tickets about the {feature} since this morning.
     b: We deployed {version} an hour ago. I will look.
     b: Found it: the button was hidden on narrow screens. A fix is on its way.
     a: I will answer them. Thanks for being so fast.`,
    `a: A customer cannot sign in and is sure that the password is right.
     b: Is caps lock on? Sorry, I have to ask.
     a: It was not. They waited a minute and it worked.
     b: Then it was the pause after failed attempts. It grows with each one.`,
    `a: Can we say when {ticket} will be fixed?
     b: With {version}, on {weekday}.
     a: I told the customer. They are happy that it has a date.`,
    `a: Is there a limit for the length of a message?
     b: {limit} characters. The field shows it when you come close.
     a: Perfect, I will add it to the answers that we have prepared.`,
    `a: Customer from {place} writes: "Your chat is the only tool that still worked on the train."
     b: That makes my day.
     c: Can we print that and put it on the wall?`,
    `a: How do I see who has read a message?
     b: Hover over the time. On the phone, hold the message.
     a: Got it. We should mention that in the first steps.`,
  ],
  'release-planning': [
    `a: Are we still good for {version} on {weekday}?
     b: Yes, if {ticket} is merged by tomorrow.
     a: Who is on it?
     c: I am. The review is done, one test is missing.
     a: Great, then we keep the date.`,
    `a: I would move the {feature} to the next release. It needs one more round.
     b: Fine with me. What do we tell the customer in {place}?
     a: The truth: it comes two weeks later and it will be better.
     c: I will call them.`,
    `a: Notes for {version} are ready. Please read them before noon.
     b: Two small changes, otherwise good.
     a: Both are in.`,
    `a: What is the risk in {version}?
     b: The migration. We rehearsed it, it took {small} minutes.
     a: And the way back?
     b: Rehearsed too. The old version reads the new items.`,
    `a: We have {count} open tickets for this release.
     b: Half of them are words on screens. I can do those on {weekday}.
     c: I take the two about the {feature}.`,
  ],
  hiring: [
    `a: The interview on {weekday} is confirmed, {time}.
     b: I will ask about testing, and about the last thing they were proud of.
     a: Then I take the part about working together.`,
    `a: My impression: very clear, asks good questions. I would go on.
     b: Same here. The exercise was small and clean.
     a: Then I will call today.`,
    `a: We have {count} applications. Shall we look at them together?
     b: Yes, {weekday} at {time}?
     c: Works for me.`,
    `a: They accepted! First day is in three weeks.
     b: Wonderful news.
     c: I will prepare the laptop and a list of first tasks.`,
  ],
};
