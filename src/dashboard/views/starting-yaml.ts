// A config to begin with in the lab.

export const startingYaml = `broker:
  listen: 127.0.0.1:1883
store:
  path: .foretide/store.db
groups:
  - name: web
    autoScalingGroup: web-asg
    region: eu-west-1
    min: 1
    max: 100
    policies:
      - type: target-tracking
        signal: cpu
        target: 60%
`;
