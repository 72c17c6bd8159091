// Commander's words on a mistake in the command line, as Foretide says mistakes: what was found, and
// what is allowed.

const argumentMistake =
  /^error: command-argument value '(.*)' is invalid for argument '(.+?)'\. /su;
const optionMistake = /^error: option '(.+?)' argument '(.*)' is invalid\. /su;

const choices = /, Allowed choices are (.+)\.$/mu;

/** `foretide: --boot <duration>: found 'many', allowed: …`; whatever else it says stays as it is. */
export function sayUsageMistake(text: string): string {
  return text
    .replace(argumentMistake, "error: <$2>: found '$1', ")
    .replace(optionMistake, "error: $1: found '$2', ")
    .replace(choices, ', allowed: $1')
    .replace(/^error: /u, 'foretide: ');
}
