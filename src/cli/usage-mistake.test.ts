import { Command, InvalidArgumentError, Option } from 'commander';
import { expect, it } from 'vitest';
import { sayUsageMistake } from './usage-mistake.ts';

function refuse(): never {
  throw new InvalidArgumentError('allowed: a whole number');
}

/** What a command of Commander's own says of these words. */
function say(...words: readonly string[]): string {
  let said = '';
  const command = new Command('set')
    .argument('<size>', 'instances', refuse)
    .option('-b, --boot <duration>', 'of an instance', refuse)
    .addOption(new Option('--engine <kind>').choices(['fluid', 'event']))
    .exitOverride()
    .configureOutput({ outputError: (text) => void (said += sayUsageMistake(text)) });
  expect(() => command.parse(words, { from: 'user' })).toThrow();
  return said;
}

it.each([
  [['many'], "foretide: <size>: found 'many', allowed: a whole number\n"],
  [
    ['--boot', 'long', '1'],
    "foretide: -b, --boot <duration>: found 'long', allowed: a whole number\n",
  ],
  [['--engine', 'steam', '1'], "foretide: --engine <kind>: found 'steam', allowed: fluid, event\n"],
  [["it's"], "foretide: <size>: found 'it's', allowed: a whole number\n"],
  [["a' is invalid. b"], "foretide: <size>: found 'a' is invalid. b', allowed: a whole number\n"],
  [['--nope'], "foretide: unknown option '--nope'\n"],
  [[], "foretide: missing required argument 'size'\n"],
])('%j is answered with what was found and what is allowed', (words, said) => {
  expect(say(...words)).toBe(said);
});
