// The commands that work on AWS itself and need no controller: deploy, asg, doctor.

import type { Command } from 'commander';
import { addSetting, readSize } from './arguments.ts';
import { defaultConfigPath, findSocket } from './places.ts';

export function addAwsCommands(program: Command): void {
  const deploying = program
    .command('deploy')
    .description('put a template up in AWS, look at it, and take it down without anything left');

  addDeployment(deploying, 'up')
    .description('show the changes and their cost, ask, and make them')
    .option('--set <key=value>', 'a parameter of the template; may be given again', addSetting)
    .option('--yes', 'do not ask')
    .action(async (name, options) => (await import('./commands/deploy.ts')).up(name, options));

  addDeployment(deploying, 'status')
    .description('what is there, and what somebody has changed about it')
    .option('--json', 'answer in JSON')
    .action(async (name, options) => (await import('./commands/deploy.ts')).status(name, options));

  addDeployment(deploying, 'down')
    .description('remove all that up has made, and prove it')
    .option('--yes', 'do not ask')
    .action(async (name, options) => (await import('./commands/deploy.ts')).down(name, options));

  const asg = program
    .command('asg')
    .description('look at an Auto Scaling group, and size it by hand');

  reachingAws(asg.command('show'))
    .description('its sizes, instances and last activities')
    .argument('<name>')
    .option('--json', 'answer in JSON')
    .action(async (name, options) => (await import('./commands/asg.ts')).show(name, options));

  reachingAws(asg.command('set'))
    .description('change its sizes at AWS, past Foretide')
    .argument('<name>')
    .option('--min <size>', 'never fewer', readSize)
    .option('--max <size>', 'never more', readSize)
    .option('--desired <size>', 'so many', readSize)
    .option('--json', 'answer in JSON')
    .action(async (name, options) => (await import('./commands/asg.ts')).set(name, options));

  reachingAws(program.command('doctor'))
    .description('look at all that has to be right, and say what to do about what is not')
    .option('-c, --config <file>', 'the configuration', defaultConfigPath)
    .option('--role <name>', 'whose rights to look at; else of whoever asks')
    .option('--deploy', 'also whether they may run foretide deploy')
    .option('--socket <path>', 'of the controller, or FORETIDE_SOCKET', findSocket())
    .option('--json', 'answer in JSON')
    .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));
}

/** A command about one deployment. */
function addDeployment(deploying: Command, name: string) {
  return reachingAws(
    deploying
      .command(name)
      .argument('<template>', 'hello-asg, controller, fleet, queue-workers or iot-core')
      .requiredOption('--name <stack>', 'how the stack is called'),
  )
    .option('--manifest <file>', 'what was made (in ~/.foretide/deployments)')
    .option('--no-drift', 'do not look for what was edited by hand, which takes its time');
}

/** A command that asks AWS, or a local cloud. */
export function reachingAws<T extends Command>(command: T): T {
  return command
    .option('--region <region>', 'else AWS_REGION, or that of the profile')
    .option('--endpoint <url>', 'a local cloud, in place of AWS');
}
