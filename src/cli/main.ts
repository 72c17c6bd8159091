// The command line: what there is to say, and which file does it. Commands are loaded when they are
// asked for, because AWS's SDK alone takes longer to load than `status` takes to answer.
// size: one list, a few lines for each command; what they do is elsewhere.

import { Argument, Command, CommanderError, Option } from 'commander';
import { modes } from '../core/group.ts';
import { addAwsCommands } from './aws-commands.ts';
import {
  addCredentials,
  collect,
  readAmount,
  readDuration,
  readHours,
  readMoment,
  readPort,
  readSeed,
  readObjective,
  readShareOption,
  readSize,
  readSought,
  readSpan,
  readSpeed,
  readSpread,
} from './arguments.ts';
import { historyKinds } from './history/options.ts';
import { defaultConfigPath, defaultStorePath, findSocket } from './places.ts';
import { addQueueCommands } from './queue-commands.ts';
import {
  defaultPricePerHour,
  engines,
  forecastSteps,
  gapRules,
  noises,
  valueKinds,
  withinRules,
} from './simulation/options.ts';
import { StartError } from './start-error.ts';
import { sayUsageMistake } from './usage-mistake.ts';
import { readVersion } from './version.ts';

const program = new Command('foretide')
  .description('Scales EC2 Auto Scaling groups within a second, and always says why.')
  .version(readVersion(), '-V, --version')
  .configureOutput({ outputError: (text, write) => write(sayUsageMistake(text)) })
  .showHelpAfterError('(--help shows what is allowed)')
  .exitOverride();

program
  .command('start')
  .description('run the controller')
  .option('-c, --config <file>', 'the configuration', defaultConfigPath)
  .option('--json', 'log JSON lines, also on a terminal')
  .action(async (options) => (await import('./commands/start.ts')).start(options));

program
  .command('check')
  .description('say what is wrong with a configuration, and what AWS knows of its groups')
  .argument('[file]', 'the configuration', defaultConfigPath)
  .option('--offline', 'do not ask AWS')
  .option('--json', 'answer in JSON')
  .action(async (file, options) => (await import('./commands/check.ts')).check(file, options));

program
  .command('init')
  .description('write a first configuration from an Auto Scaling group as it is today')
  .option('--group <name>', 'which Auto Scaling group; not needed where there is one')
  .option('-c, --config <file>', 'where to write', defaultConfigPath)
  .option('--force', 'write over a file that is there')
  .action(async (options) => (await import('./commands/init.ts')).init(options));

program
  .command('agent')
  .description('report the load of this machine (foretide agent --help lists its own flags)')
  .helpOption(false)
  .allowUnknownOption()
  .argument('[flags...]', 'flags of the agent')
  .action(async (_flags, _options, command: Command) => {
    const { runAgentCommand } = await import('../agent/agent-command.ts');
    process.exitCode = await runAgentCommand(command.args, process.env);
  });

program
  .command('demo')
  .description('show it all on this machine: a broker, a local cloud, simulated and real agents')
  .option('--headless', 'no live view')
  .option('--for <duration>', 'end by itself after that much real time, such as 60s', readDuration)
  .option(
    '--speed <times>',
    'how much faster than real time the simulated part runs',
    readSpeed,
    60,
  )
  .option('--seed <number>', 'of the local cloud’s chances', readSeed, 1)
  .option('--json', 'one line of JSON at the end')
  .option('--socket <path>', 'where foretide status finds it', findSocket())
  .action(async (options) => (await import('./commands/demo.ts')).demo(options));

program
  .command('local-cloud')
  .description('serve EC2 Auto Scaling, CloudWatch and SQS on this machine, to any AWS SDK')
  .option('--port <number>', 'on 127.0.0.1; 0 takes a free one', readPort, 4566)
  .option('--speed <times>', 'how much faster than real time the cloud runs', readSpeed, 1)
  .option('--seed <number>', 'of a new cloud’s chances', readSeed, 1)
  .option(
    '--credentials <key:secret>',
    'let in only what these have signed (more than once: any of them)',
    addCredentials,
  )
  .option('--no-throttling', 'refuse no call for coming too soon')
  .option('--state <file>', 'go on from it if it is there; save there at the end')
  .action(async (options) => (await import('./commands/local-cloud.ts')).localCloud(options));

addAwsCommands(program);
addQueueCommands(program);

onQueues(simulating('simulate'))
  .description('try a group of a config on recorded traffic: its cost, and what it leaves unserved')
  .option('-c, --config <file>', 'the configuration (default: "foretide.yaml")', collect)
  .option('--group <name>', 'which of its groups; not needed where there is one')
  .addOption(choice('--engine <kind>', 'fluid, or event: slower, and nearer to AWS', engines))
  .action(async (options) => (await import('./commands/simulate.ts')).simulate(options));

onQueues(simulating('compare'))
  .description('set configs beside other autoscalers tuned in hindsight, and beside the optimum')
  .requiredOption('--against <names>', 'all, or names of rivals with commas between them')
  .option('-c, --config <file>', 'a configuration to enter; may be given again', collect)
  .option('--group <name>', 'which of its groups; not needed where there is one')
  .addOption(
    new Option('--epsilon <share>', 'how much of the work may find no capacity')
      .argParser(readShareOption)
      .default(0.005, '0.5%'),
  )
  .option('--promise <duration>', 'of a queue, if not that of the configs (5m)', readDuration)
  .action(async (options) => (await import('./commands/compare.ts')).compare(options));

simulating('tune')
  .description('search for the cheapest settings of a group that keep an objective on your traffic')
  .requiredOption('--objective <text>', "such as 'violations <= 0.5%'", readObjective)
  .option('-c, --config <file>', 'the configuration', defaultConfigPath)
  .option('--group <name>', 'which of its groups; not needed where there is one')
  .action(async (options) => (await import('./commands/tune.ts')).tune(options));

readingLoad('backtest-forecast')
  .description('how well demand can be forecast on recorded traffic, beside seasonal naive')
  .addOption(choice('--step <length>', 'of what is forecast', forecastSteps))
  .option('--quick', 'leave out ARIMA and LSTM, whose fits take seconds for a day of traffic')
  .action(async (options) =>
    (await import('./commands/backtest-forecast.ts')).backtestForecastCommand(options),
  );

reaching('top')
  .description('show the groups live in this terminal')
  .action(async (options) => (await import('./commands/top.ts')).top(options));

reaching('status')
  .description('what every group has, and what is decided now')
  .action(async (options) => (await import('./commands/control.ts')).status(options));

reaching('why')
  .description('why a group was changed, or was not')
  .argument('<group>')
  .option('--at <moment>', 'the decision in force then: 12:05, -5m or 2026-11-22T12:05:00Z')
  .option('--not <change>', 'what is against a scale-in, a scale-out or a size like 3', readSought)
  .action(async (group, options) => (await import('./commands/control.ts')).why(group, options));

reaching('plan')
  .description('what a group is expected to need over the next hours, and what it will cost')
  .argument('<group>')
  .option('--hours <number>', 'how far ahead, 48 at most', readHours, 24)
  .action(async (group, options) => (await import('./commands/plan.ts')).plan(group, options));

reaching('set')
  .description('set the desired capacity, against the policies, for a while')
  .argument('<group>')
  .argument('<size>', 'the desired capacity', readSize)
  .option('--for <duration>', 'how long the policies keep off (10m)', readDuration)
  .option('--why <reason>', 'for those who read it later', 'set by hand')
  .action(async (group, size, options) =>
    (await import('./commands/control.ts')).set(group, size, options),
  );

reaching('hold')
  .description('keep at least this size for a while; the policies may add to it')
  .argument('<group>')
  .argument('<size>', 'the least desired capacity', readSize)
  .option('--for <duration>', 'how long (10m)', readDuration)
  .option('--why <reason>', 'for those who read it later', 'held by hand')
  .action(async (group, size, options) =>
    (await import('./commands/control.ts')).hold(group, size, options),
  );

reaching('pause')
  .description('change nothing about a group until it is resumed')
  .argument('<group>')
  .option('--for <duration>', 'resume by itself after that', readDuration)
  .option('--why <reason>', 'for those who read it later', 'paused by hand')
  .action(async (group, options) => (await import('./commands/control.ts')).pause(group, options));

reaching('mode')
  .description('change how far a group is trusted to act, over what its configuration says')
  .argument('<group>')
  .addArgument(new Argument('<mode>', 'that of the configuration goes back to it').choices(modes))
  .option('--why <reason>', 'for those who read it later', 'changed by hand')
  .action(async (group, mode, options) =>
    (await import('./commands/control.ts')).changeMode(group, mode, options),
  );

reaching('resume')
  .description('end a pause, a set and a hold: the policies decide again')
  .argument('<group>')
  .action(async (group, options) => (await import('./commands/control.ts')).resume(group, options));

program
  .command('replay')
  .description('decide once more on what the journal holds, and say what differs')
  .option('--store <path>', 'the store file; a controller may be using it', defaultStorePath)
  .option('--group <name>', 'only this one')
  .option('--from <moment>', 'from then on: 12:05, -2h or 2026-11-22T12:05:00Z', readMoment)
  .option('--to <moment>', 'until then', readMoment)
  .option('--json', 'answer in JSON')
  .action(async (options) => (await import('./commands/replay.ts')).replay(options));

program
  .command('diff')
  .description('say which recorded decisions another configuration would have made otherwise')
  .argument('<old.yaml>', 'the configuration to compare with')
  .argument('<new.yaml>', 'the other one')
  .option('--journal <store>', 'the store file; a controller may be using it', defaultStorePath)
  .option('--group <name>', 'only this one')
  .option('--since <moment>', 'from then on: 12:05, -2h or 2026-11-22T12:05:00Z', readMoment)
  .option('--json', 'answer in JSON')
  .action(async (before, after, options) =>
    (await import('./commands/diff.ts')).diff(before, after, options),
  );

program
  .command('report')
  .description('set what a group would have been by its decisions beside what it was')
  .argument('<group>')
  .option('--days <number>', 'up to the newest decision', readAmount, 7)
  .option('--store <path>', 'the store file; a controller may be using it', defaultStorePath)
  .option('--json', 'answer in JSON')
  .action(async (group, options) => (await import('./commands/report.ts')).report(group, options));

program
  .command('token')
  .description('make a token for the page and the API, and the line of the config that knows it')
  .requiredOption('--name <name>', 'who it is for')
  .addOption(
    new Option('--role <role>', 'a viewer reads, an operator also acts')
      .choices(['viewer', 'operator'])
      .makeOptionMandatory(),
  )
  .option('--json', 'answer in JSON')
  .action(async (options) => (await import('./commands/token.ts')).printToken(options));

program
  .command('history')
  .description('the past that forecasts learn from')
  .command('import')
  .description('take a group’s past demand from elsewhere, so that day one has seasons')
  .argument('[source]', 'a file, or the query_range address of a Prometheus; none for cloudwatch')
  .requiredOption('--group <name>', 'whose past it is')
  .addOption(choice('--from <kind>', 'what is read', historyKinds))
  .option('-c, --config <file>', 'the configuration', defaultConfigPath)
  .option('--socket <path>', 'of a running controller (beside the store of the config)')
  .option('--series <name>', 'which of its series, where there are several')
  .option('--scale <factor>', 'values are multiplied with it', readAmount, 1)
  .option('--instances <number>', 'values are of a mean instance, of so many', readAmount)
  .option('--replace', 'also over what is there already')
  .option('--dry-run', 'only say what would come')
  .option('--json', 'answer in JSON')
  .action(async (source, options) =>
    (await import('./commands/history-import.ts')).importHistory(source, options),
  );

program
  .command('hash-password')
  .description('hash a password from standard input, for the broker’s credentials file')
  .action(async () => (await import('./commands/hash-password.ts')).hashFromInput());

program
  .command('version')
  .description('print the version')
  .option('--json', 'answer in JSON')
  .action((options: { readonly json?: boolean }) => {
    const version = readVersion();
    const node = process.version;
    const text = options.json === true ? JSON.stringify({ version, node }) : version;
    process.stdout.write(`${text}\n`);
  });

program
  .command('reference', { hidden: true })
  .description('print the reference of the command line')
  .action(async () => (await import('./commands/reference.ts')).printReference(program));

/** A command that runs a group on a trace or a generated load, on virtual time. */
function simulating(name: string): Command {
  return readingLoad(name)
    .addOption(duration('--boot <duration>', 'from a launch to service', '120s'))
    .option(
      '--capacity <amount>',
      'what an instance does a second (a tenth of the mean)',
      readAmount,
    )
    .option('--price <usd>', 'of an instance for an hour', readAmount, defaultPricePerHour)
    .option('--warmup <duration>', 'run and not scored (7d, or a tenth of a short trace)', readSpan)
    .option('--chart <file.svg>', 'draw it');
}

/** A command that simulates queues too: of messages from a file, or of a load that counts them. */
function onQueues(command: ReturnType<typeof simulating>) {
  return command
    .option('--jobs <file.csv>', 'a queue: timestamp,seconds of each message, instead of a load')
    .option(
      '--service-time <duration>',
      'of a message of a queue; of a unit of work elsewhere (one at a time)',
      readDuration,
    )
    .option('--spread <share>', 'deviation of messages’ durations, such as 100%', readSpread, 0);
}

/** A command that reads a trace or generates a load. */
function readingLoad(name: string): Command {
  return program
    .command(name)
    .option('--trace <file>', 'CSV, CloudWatch or Prometheus JSON, or the store of a controller')
    .option('--series <name>', 'which of its series, where the trace has several')
    .option('--generator <name>', 'a built-in load instead, such as diurnal or social')
    .addOption(choice('--within <rule>', 'how work lies within a step', withinRules))
    .addOption(choice('--value <kind>', 'whether values are work a second or a step', valueKinds))
    .addOption(choice('--gaps <rule>', 'what to do with missing values', gapRules))
    .addOption(duration('--duration <duration>', 'of a generated load', '14d'))
    .option('--level <amount>', 'of a generated load, in work a second', readAmount, 100)
    .addOption(choice('--noise <kind>', 'of a generated load', noises))
    .option('--seed <number>', 'of launch failures and of drawn loads', readSeed, 1)
    .option('--json', 'answer in JSON');
}

/** The first of the values is the default. */
function choice(flags: string, text: string, values: readonly string[]): Option {
  return new Option(flags, text).choices(values).default(values[0]);
}

/** Help shows the default as a person would write it. */
function duration(flags: string, text: string, initial: string): Option {
  return new Option(flags, text).argParser(readDuration).default(readDuration(initial), initial);
}

/** A command that asks a running controller. */
function reaching(name: string): Command {
  return program
    .command(name)
    .option('--socket <path>', 'of the controller, or FORETIDE_SOCKET', findSocket())
    .option('--json', 'answer in JSON');
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = explainFailure(error);
}

/** Says what ended the command, in one line where it was foreseen, and returns the exit code. */
function explainFailure(error: unknown): number {
  if (error instanceof StartError) {
    for (const line of error.message.split('\n')) process.stderr.write(`foretide: ${line}\n`);
    return error.exitCode;
  }
  // Commander has said it already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  throw error;
}
