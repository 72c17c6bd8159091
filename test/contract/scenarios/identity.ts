// IAM's roles and what they may do; Systems Manager's public parameters.

import assert from 'node:assert/strict';
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetParameterCommand, GetParametersCommand } from '@aws-sdk/client-ssm';
import type { ContractCloud, Scenario } from '../scenario.ts';
import { eventually, expectRefusal, given } from '../scenario.ts';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A role that may read queues but not delete those called `kept`. */
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
    { Effect: 'Deny', Action: 'sqs:DeleteQueue', Resource: 'arn:aws:sqs:*:*:kept*' },
  ],
});

async function createRole(
  cloud: ContractCloud,
): Promise<{ readonly name: string; readonly arn: string }> {
  const RoleName = cloud.newName('role');
  const created = await cloud.iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }),
  );
  cloud.undoLater(() => cloud.iam.send(new DeleteRoleCommand({ RoleName })));
  return { name: RoleName, arn: given(created.Role?.Arn, 'the ARN of the role') };
}

async function putPolicy(cloud: ContractCloud, RoleName: string): Promise<void> {
  const policy = { RoleName, PolicyName: 'inline' };
  await cloud.iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: POLICY }));
  cloud.undoLater(() => cloud.iam.send(new DeleteRolePolicyCommand(policy)));
}

const LINUX = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

export const identityScenarios: readonly Scenario[] = [
  {
    name: 'IAM: a role is found again with its trust policy, and missed when gone',
    source: 'IAM API reference, CreateRole, GetRole: NoSuchEntity',
    async run(cloud) {
      const { name: RoleName, arn } = await createRole(cloud);
      const { Role } = await cloud.iam.send(new GetRoleCommand({ RoleName }));
      assert.equal(Role?.Arn, arn);
      const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
      assert.deepEqual(JSON.parse(trust), JSON.parse(TRUST));
      await expectRefusal(
        cloud.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST })),
        { name: 'EntityAlreadyExistsException', status: 409 },
      );
      await cloud.iam.send(new DeleteRoleCommand({ RoleName }));
      await expectRefusal(cloud.iam.send(new GetRoleCommand({ RoleName })), {
        name: 'NoSuchEntityException',
        message: `The role with name ${RoleName} cannot be found.`,
        status: 404,
      });
    },
  },
  {
    name: 'IAM: a role goes only after its policies',
    source: 'IAM API reference, DeleteRole: DeleteConflict',
    async run(cloud) {
      const { name: RoleName } = await createRole(cloud);
      await putPolicy(cloud, RoleName);
      const { PolicyNames } = await cloud.iam.send(new ListRolePoliciesCommand({ RoleName }));
      assert.deepEqual(PolicyNames, ['inline']);
      await expectRefusal(cloud.iam.send(new DeleteRoleCommand({ RoleName })), {
        name: 'DeleteConflictException',
        status: 409,
      });
    },
  },
  {
    name: 'IAM: what no statement allows is denied, and a denial beats what is allowed',
    source: 'IAM user guide, "Policy evaluation logic"; API reference, SimulatePrincipalPolicy',
    async run(cloud) {
      const { name, arn } = await createRole(cloud);
      await putPolicy(cloud, name);
      const decide = async (action: string, resource: string): Promise<string | undefined> => {
        const answer = await cloud.iam.send(
          new SimulatePrincipalPolicyCommand({
            PolicySourceArn: arn,
            ActionNames: [action],
            ResourceArns: [resource],
          }),
        );
        return answer.EvaluationResults?.[0]?.EvalDecision;
      };
      const queue = (queueName: string): string =>
        `arn:aws:sqs:us-east-1:123456789012:${queueName}`;
      await eventually(cloud, 'the policy in force', async () =>
        (await decide('sqs:DeleteQueue', queue('any'))) === 'allowed' ? true : undefined,
      );
      assert.equal(await decide('sqs:DeleteQueue', queue('kept-1')), 'explicitDeny');
      assert.equal(await decide('ec2:RunInstances', '*'), 'implicitDeny');
    },
  },
  {
    name: 'SSM: public parameters name the newest images, and others are told apart',
    source: 'SSM user guide, "Calling AMI public parameters"; API reference, GetParameters',
    async run(cloud) {
      const { Parameter } = await cloud.ssm.send(new GetParameterCommand({ Name: LINUX }));
      assert.match(Parameter?.Value ?? '', /^ami-[0-9a-f]{8,17}$/u);
      const Names = [LINUX, '/aws/service/no-such-image'];
      const several = await cloud.ssm.send(new GetParametersCommand({ Names }));
      assert.deepEqual(
        several.Parameters?.map(({ Name }) => Name),
        [LINUX],
      );
      assert.deepEqual(several.InvalidParameters, ['/aws/service/no-such-image']);
    },
  },
  {
    name: 'SSM: a parameter that there is not is refused',
    source: 'SSM API reference, GetParameter: ParameterNotFound',
    async run(cloud) {
      const Name = `/${cloud.newName('nowhere')}`;
      await expectRefusal(cloud.ssm.send(new GetParameterCommand({ Name })), {
        name: 'ParameterNotFound',
        status: 400,
      });
    },
  },
];
