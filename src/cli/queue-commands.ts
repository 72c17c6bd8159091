// The commands about queues, which work on AWS itself: queue send, queue watch, queue drain-test.

import { Option, type Command } from 'commander';
import { readAmount, readDuration, readSeed, readSize, readSpread } from './arguments.ts';
import { reachingAws } from './aws-commands.ts';
import { findSocket } from './places.ts';

export function addQueueCommands(program: Command): void {
  const queue = program
    .command('queue')
    .description('fill an SQS queue, look at it, and try whether its fleet keeps a promise');

  sending(queue.command('send'))
    .description('send messages that say how long their handling is to take')
    .option('--rate <number>', 'messages a second (as fast as SQS takes them)', readAmount)
    .action(async (options) => (await import('./commands/queue.ts')).send(options));

  reachingAws(queue.command('watch'))
    .description('what waits, what each instance has of it, and when the queue will be empty')
    .argument('<queue>', 'its name or URL')
    .addOption(promise())
    .option('--duration <duration>', 'what a message takes, where nobody tells it', readDuration)
    .option('--asg <name>', 'the Auto Scaling group that works it off')
    .option('--group <name>', 'of a running controller, which knows durations and instances')
    .option('--socket <path>', 'of the controller, or FORETIDE_SOCKET', findSocket())
    .option('--workers <number>', 'messages at a time on an instance', readAmount, 1)
    .option('--namespace <name>', 'where workers publish MPD', 'Foretide')
    .addOption(duration('--every <duration>', 'on a terminal', '5s'))
    .option('--json', 'answer in JSON')
    .action(async (name, options) => (await import('./commands/queue.ts')).watch(name, options));

  sending(queue.command('drain-test'))
    .description('send into an empty queue, and say how many were done within the promise')
    .addOption(promise())
    .option('--wait <duration>', 'at most so long (three promises)', readDuration)
    .option('--settle <duration>', 'so long nothing must be left (60s; FIFO: none)', readDuration)
    .action(async (options) => (await import('./commands/queue.ts')).runDrainTest(options));
}

function sending(command: Command) {
  return reachingAws(
    command
      .requiredOption('--queue <name>', 'its name or URL')
      .option('--count <number>', 'of messages', readSize, 50)
      .addOption(duration('--duration <duration>', 'of a message', '25s'))
      .option('--spread <share>', 'deviation of the durations, such as 50%', readSpread, 0)
      .option('--seed <number>', 'of the durations', readSeed, 1)
      .option('--json', 'answer in JSON'),
  );
}

function promise(): Option {
  return duration('--promise <duration>', 'from sending to deletion', '5m');
}

/** Help shows the default as a person would write it. */
function duration(flags: string, text: string, initial: string): Option {
  return new Option(flags, text).argParser(readDuration).default(readDuration(initial), initial);
}
