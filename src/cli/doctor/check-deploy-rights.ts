// Whether somebody may do with stacks what `foretide deploy` does. What the stacks are made of needs
// rights of its own, which CloudFormation asks for and names when it fails.

import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { explainAwsError, isAbsent } from '../../deploy/deploy-error.ts';
import type { Session } from '../../deploy/session.ts';
import { principalOf, tellNoRole } from './check-permissions.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Every call of `src/deploy/stack-client.ts`, and what DetectStackDrift asks for by itself. */
export const deployActions: readonly string[] = [
  'DescribeStacks',
  'DescribeStackResources',
  'DescribeStackEvents',
  'GetTemplate',
  'CreateChangeSet',
  'DescribeChangeSet',
  'ExecuteChangeSet',
  'DeleteChangeSet',
  'DeleteStack',
  'ContinueUpdateRollback',
  'DetectStackDrift',
  'DetectStackResourceDrift',
  'DescribeStackDriftDetectionStatus',
  'DescribeStackResourceDrifts',
].map((name) => `cloudformation:${name}`);

const advice = 'the rights are listed in docs/deploy.md, "The rights of whoever deploys"';

export async function checkDeployRights(session: Session, role: string | null): Promise<Finding> {
  const principal = principalOf(session, role);
  if (principal === null) return ok('deploy', 'the root user may do everything');
  const iam = new IAMClient(session.settings);
  try {
    const answer = await iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: [...deployActions],
      }),
    );
    const allowed = new Set(
      (answer.EvaluationResults ?? [])
        .filter(({ EvalDecision: decision }) => decision === 'allowed')
        .map(({ EvalActionName: name }) => name),
    );
    const denied = deployActions.filter((action) => !allowed.has(action));
    if (denied.length === 0) {
      return ok('deploy', `all ${deployActions.length} actions of CloudFormation are allowed`);
    }
    return fail('deploy', `denied: ${denied.join(', ')}`, advice);
  } catch (error) {
    if (isAbsent(error)) return tellNoRole(principal);
    const { message } = explainAwsError(error, 'IAM cannot be asked');
    return warn('deploy', message, 'allow iam:SimulatePrincipalPolicy to know before a deployment');
  } finally {
    iam.destroy();
  }
}
