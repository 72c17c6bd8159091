// The registry of rivals: every rule with its defaults, where it is stated, and the monitoring and
// group that it runs on. Order is the order of tables.
import {
  agentTelemetry,
  cloudWatchTelemetry,
  highResolutionTelemetry,
} from '../fluid/telemetry.ts';
import type { Telemetry } from '../fluid/telemetry.ts';
import {
  adaptDefaults,
  createAdapt,
  createReact,
  createReg,
  reactDefaults,
  regDefaults,
} from './academic.ts';
import { backlogDefaults, createBacklogPerInstance } from './aws-backlog.ts';
import { createPredictiveScaling, predictiveScalingDefaults } from './aws-predictive-scaling.ts';
import { createSimpleScaling, simpleScalingDefaults } from './aws-simple-scaling.ts';
import { createStepScaling, stepScalingDefaults } from './aws-step-scaling.ts';
import { createTargetTracking, targetTrackingDefaults } from './aws-target-tracking.ts';
import { createGceManagedGroup, gceDefaults } from './gce-managed-group.ts';
import { createKeda, kedaDefaults } from './keda.ts';
import { createHpa, hpaDefaults } from './kubernetes-hpa.ts';
import {
  createNomadTargetValue,
  createNomadThreshold,
  nomadTargetValueDefaults,
  nomadThresholdDefaults,
} from './nomad.ts';
import type { Rival } from './rival.ts';
import { createStatic } from './static-peak.ts';

/** metrics-server's resolution, visible one resolution later (our reading). */
const metricsServerTelemetry: Telemetry = {
  periodSeconds: 15,
  delaySeconds: 15,
  isCensored: false,
};

/** AWS's order of scale-in, and DefaultInstanceWarmup's 300 s from service. */
const onAws = {
  serves: 'load',
  telemetry: cloudWatchTelemetry,
  scaleInOrder: 'oldest-first',
  warmupSeconds: 300,
  warmupFrom: 'service',
  hasTarget: true,
} as const;

/** Elsewhere instances on their way go first, which favours the rival. */
const elsewhere = { ...onAws, scaleInOrder: 'newest-pending-first', warmupSeconds: 0 } as const;

/** Every rival, each with its defaults and the target it is given. */
export const rivals: readonly Rival[] = [
  {
    ...onAws,
    name: 'aws-target-tracking-60s',
    source: 'EC2 Auto Scaling user guide, target tracking; alarm shapes as users report them',
    averagesSeconds: targetTrackingDefaults.periodSeconds,
    create: ({ target }) => createTargetTracking({ ...targetTrackingDefaults, target }),
  },
  {
    ...onAws,
    name: 'aws-target-tracking-10s',
    source: 'EC2 Auto Scaling user guide, target tracking with high-resolution metrics',
    telemetry: highResolutionTelemetry,
    averagesSeconds: 10,
    create: ({ target }) =>
      createTargetTracking({ ...targetTrackingDefaults, periodSeconds: 10, target }),
  },
  {
    ...onAws,
    name: 'aws-step',
    source: 'EC2 Auto Scaling user guide, step and simple scaling policies',
    averagesSeconds: stepScalingDefaults.periodSeconds,
    create: ({ target }) => createStepScaling({ ...stepScalingDefaults, target }),
  },
  {
    ...onAws,
    name: 'aws-simple',
    source: 'EC2 Auto Scaling user guide, step and simple scaling policies',
    watchesCounts: true,
    averagesSeconds: simpleScalingDefaults.periodSeconds,
    create: ({ target }) => createSimpleScaling({ ...simpleScalingDefaults, target }),
  },
  {
    ...onAws,
    name: 'aws-predictive',
    source:
      'EC2 Auto Scaling user guide, predictive scaling, over target tracking; the model is ours',
    wakeSeconds: predictiveScalingDefaults.schedulingBufferSeconds,
    create: ({ target }) =>
      createPredictiveScaling(
        { ...predictiveScalingDefaults, target },
        createTargetTracking({ ...targetTrackingDefaults, target }),
      ),
  },
  {
    ...onAws,
    name: 'aws-backlog-per-instance',
    source: 'AWS compute blog and user guide, scaling based on Amazon SQS',
    serves: 'queue',
    create: ({ target }) => createBacklogPerInstance({ ...backlogDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'kubernetes-hpa',
    source: 'Kubernetes documentation, Horizontal Pod Autoscaling, autoscaling/v2',
    telemetry: metricsServerTelemetry,
    averagesSeconds: hpaDefaults.intervalSeconds,
    create: ({ target }) => createHpa({ ...hpaDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'keda',
    source: 'KEDA documentation, scaling deployments; an external metric of the whole group',
    telemetry: metricsServerTelemetry,
    averagesSeconds: kedaDefaults.intervalSeconds,
    create: ({ target }) => createKeda({ ...kedaDefaults, metric: 'load', target }),
  },
  {
    ...elsewhere,
    name: 'keda-sqs',
    source: 'KEDA documentation, AWS SQS queue scaler',
    serves: 'queue',
    telemetry: metricsServerTelemetry,
    create: ({ target }) => createKeda({ ...kedaDefaults, metric: 'queue', target }),
  },
  {
    ...elsewhere,
    name: 'nomad-target-value',
    source: 'Nomad Autoscaler documentation, target-value strategy',
    telemetry: highResolutionTelemetry,
    averagesSeconds: nomadTargetValueDefaults.evaluationSeconds,
    create: ({ target }) => createNomadTargetValue({ ...nomadTargetValueDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'nomad-threshold',
    source: 'Nomad Autoscaler documentation, threshold strategy; the checks are ours',
    telemetry: highResolutionTelemetry,
    averagesSeconds: nomadThresholdDefaults.evaluationSeconds,
    create: ({ target }) => createNomadThreshold({ ...nomadThresholdDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'gce-managed-group',
    source: 'Compute Engine documentation, understanding autoscaler decisions',
    telemetry: highResolutionTelemetry,
    warmupSeconds: gceDefaults.initializationSeconds,
    warmupFrom: 'request',
    averagesSeconds: gceDefaults.evaluationSeconds,
    create: ({ target }) => createGceManagedGroup({ ...gceDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'gce-managed-group-predictive',
    source: 'Compute Engine documentation, scaling based on predictions; the model is ours',
    telemetry: highResolutionTelemetry,
    warmupSeconds: gceDefaults.initializationSeconds,
    warmupFrom: 'request',
    create: ({ target }) => createGceManagedGroup({ ...gceDefaults, isPredictive: true, target }),
  },
  {
    ...elsewhere,
    name: 'react',
    source: 'Chieu et al., Dynamic scaling of web applications in a virtualized cloud, 2009',
    averagesSeconds: reactDefaults.intervalSeconds,
    create: ({ target }) => createReact({ ...reactDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'reg',
    source: 'Iqbal et al., Adaptive resource provisioning for read intensive applications, 2011',
    averagesSeconds: regDefaults.intervalSeconds,
    create: ({ target }) => createReg({ ...regDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'adapt',
    source: 'Ali-Eldin et al., An adaptive hybrid elasticity controller, 2012',
    averagesSeconds: adaptDefaults.intervalSeconds,
    create: ({ target }) => createAdapt({ ...adaptDefaults, target }),
  },
  {
    ...elsewhere,
    name: 'static-peak',
    source: 'the peak of the scored span, always on: hindsight',
    telemetry: agentTelemetry,
    hasTarget: false,
    averagesSeconds: 60,
    create: ({ peakInstances }) => createStatic(peakInstances),
  },
];

/**
 * The grid of targets for hindsight tuning, as shares of what an instance can do: a tenth apart at
 * the low end, 0.05 above 0.35. Above 1 too: rules that round up or hold surplus can keep a small
 * violation there.
 */
export const targetRatios: readonly number[] = [
  0.08, 0.09, 0.1, 0.11, 0.12, 0.135, 0.15, 0.165, 0.18, 0.2, 0.22, 0.24, 0.265, 0.29, 0.32, 0.35,
  0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3,
];
