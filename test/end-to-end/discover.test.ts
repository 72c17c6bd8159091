// A controller process that is told tags instead of groups, on the local cloud.

import {
  AutoScalingClient,
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
} from '@aws-sdk/client-auto-scaling';
import { afterEach, expect, it } from 'vitest';
import { createClient } from '../../src/api/client.ts';
import { Stage } from './stage.ts';

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

const groups = `
discover:
  - tags: { 'foretide:scaled': 'true', team: '*' }
defaults: { min: 3 }
`;

function tag(Key: string, Value: string) {
  const of = { ResourceId: 'web-asg', ResourceType: 'auto-scaling-group' } as const;
  return { ...of, Key, Value, PropagateAtLaunch: false };
}

it('scales a group while it has the tags, and gives it up after', { timeout: 90_000 }, async () => {
  const stage = await Stage.open({ groups, brokerUrl: null, min: 2, max: 9 });
  endings.push(() => stage.close());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const aws = new AutoScalingClient({
    endpoint: stage.cloud.url,
    region: 'us-east-1',
    credentials,
  });
  endings.push(() => aws.destroy());
  const api = createClient({ socketPath: stage.socketPath });
  const names = async (): Promise<readonly string[]> => {
    const answer = await api.groups();
    return answer.kind === 'answered' ? answer.value.groups.map(({ name }) => name) : ['?'];
  };

  await stage.startController();
  expect(stage.log.some((line) => line.includes('running no group yet'))).toBe(true);
  expect(await names()).toEqual([]);

  const Tags = [tag('foretide:scaled', 'true'), tag('team', 'shop'), tag('foretide:max', '5')];
  await aws.send(new CreateOrUpdateTagsCommand({ Tags }));
  stage.signalController('SIGHUP');
  await stage.until('three are wanted', () => stage.desired === 3);
  expect(await names()).toEqual(['web-asg']);

  await aws.send(new DeleteTagsCommand({ Tags: [tag('team', 'shop')] }));
  stage.signalController('SIGHUP');
  await stage.until('it is given up', async () => (await names()).length === 0);
  await stage.until('that is said', () => stage.log.some((one) => one.includes('web-asg removed')));
});
