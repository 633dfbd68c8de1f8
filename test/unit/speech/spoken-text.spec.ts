import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { spokenText } from '#talkpath/providers/cascade/tts/spoken-text.js';

const says = (written: string, spoken: string): void => assert.is(spokenText(written), spoken);

test('plain sentences stay as they are', () => {
  says("Hello, how can I help you? I'm here; it's fine.", "Hello, how can I help you? I'm here; it's fine.");
  says('You have 3 appointments, on March 3rd 2025.', 'You have 3 appointments, on March 3rd 2025.');
});

test('telephone numbers and codes are said digit by digit', () => {
  says('Call 555-0123.', 'Call 5 5 5, 0 1 2 3.');
  says('Your code is 0042.', 'Your code is 0 0 4 2.');
  says('Order 4711234', 'Order 4 7 1 1 2 3 4');
  says('221B', '221 B');
  says('+44 20', 'plus 44 20');
});

test('a range is said as one', () => {
  says('9-5', '9 to 5');
});

test('times are said as people say them', () => {
  says('at 4:30 p.m. sharp', 'at 4 30 P M sharp');
  says('at 9:00am', "at 9 o'clock A M");
  says('at 7:05', 'at 7 oh 5');
  says('It is 6 p.m. See you.', 'It is 6 P M. See you.');
  says('I am here, Sam.', 'I am here, Sam.');
  says('at 14:00', 'at 14 hundred hours');
});

test('money is said with its currency after it', () => {
  says('$12.50', '12 dollars and 50 cents');
  says('$1', '1 dollar');
  says('£1,200.00', '1200 pounds');
  says('€3.05', '3 euros and 5 cents');
});

test('signs are said, or left out', () => {
  says('Smith & Sons are 100% sure', 'Smith and Sons are 100 percent sure');
  says('me@example.org', 'me at example dot org');
  says('**Bold** _and_ `code`', 'Bold and code');
  says('3.14', '3 point 1 4');
  says('Well — yes… no', 'Well, yes. no');
});

test('nothing to say is nothing', () => {
  says('', '');
  says(' *** ', '');
});

test.run();
