// The contract of AWS's own policies, for both ways to them.

import { createAwsNativeScaling } from '../../src/aws/native-scaling.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { createModelNativeScaling } from '../support/model-native-scaling.ts';
import { checkNativeScaling } from './native-scaling.ts';

checkNativeScaling('the wire', async (account, now) => {
  const clock = { now, after: () => () => {} };
  const cloud = await startLocalCloud({ clock, account, throttling: 'off' });
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
  const native = createAwsNativeScaling({ connection: { endpoint: cloud.url, credentials } });
  return {
    native,
    close: async () => {
      native.close();
      await cloud.close();
    },
  };
});

checkNativeScaling('the model', (account, now) =>
  Promise.resolve({
    native: createModelNativeScaling(account, now),
    close: () => Promise.resolve(),
  }),
);
