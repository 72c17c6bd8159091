// Templates that the suites of CloudFormation put up.

/** A network, a group with what belongs to it, its queue and its role: in YAML's short forms. */
export const GROUP_TEMPLATE = `
AWSTemplateFormatVersion: '2010-09-09'
Description: A group in a network of its own
Parameters:
  Size: { Type: Number, Default: 1, MinValue: 1, MaxValue: 4 }
  Image:
    Type: AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>
    Default: /aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64
  Stage: { Type: String, Default: test, AllowedValues: [test, production] }
Conditions:
  IsProduction: !Equals [!Ref Stage, production]
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Gateway: { Type: AWS::EC2::InternetGateway }
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]
      AvailabilityZone: !Select [1, !GetAZs '']
  Routes:
    Type: AWS::EC2::RouteTable
    Properties: { VpcId: !Ref Vpc }
  Way:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties: { RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway }
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { SubnetId: !Ref Subnet, RouteTableId: !Ref Routes }
  Firewall:
    Type: AWS::EC2::SecurityGroup
    Properties: { VpcId: !Ref Vpc, GroupDescription: none }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: { Statement: [] }
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: { Roles: [!Ref Role] }
  Template:
    Type: AWS::EC2::LaunchTemplate
    Properties:
      LaunchTemplateData:
        ImageId: !Ref Image
        InstanceType: !If [IsProduction, m5.large, t3.micro]
        SecurityGroupIds: [!Ref Firewall]
        IamInstanceProfile: { Arn: !GetAtt Profile.Arn }
        UserData: !Base64
          Fn::Sub: |
            #!/bin/sh
            echo \${AWS::StackName}
  Group:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: 0
      MaxSize: '4'
      DesiredCapacity: !Ref Size
      VPCZoneIdentifier: [!Ref Subnet]
      LaunchTemplate:
        LaunchTemplateId: !Ref Template
        Version: !GetAtt Template.LatestVersionNumber
  Queue:
    Type: AWS::SQS::Queue
    Properties: { VisibilityTimeout: 60 }
  High:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{ Name: QueueName, Value: !GetAtt Queue.QueueName }]
      Statistic: Maximum
      Period: '60'
      EvaluationPeriods: '2'
      Threshold: '10'
      ComparisonOperator: GreaterThanThreshold
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.autoscaling] }
      Targets: [{ Id: queue, Arn: !GetAtt Queue.Arn }]
Outputs:
  GroupName: { Value: !Ref Group }
  QueueUrl: { Value: !Ref Queue, Export: { Name: !Sub '\${AWS::StackName}-queue' } }
`;

/** A bucket, a queue of a fixed name, and a topic: small enough to change and break. */
export function smallTemplate(parts: {
  readonly queueName?: string;
  readonly visibility?: number;
  readonly deletionPolicy?: string;
  readonly alarmPeriod?: number;
}): string {
  const { queueName, visibility = 30, deletionPolicy = 'Delete', alarmPeriod } = parts;
  return JSON.stringify({
    Resources: {
      Queue: {
        Type: 'AWS::SQS::Queue',
        DeletionPolicy: deletionPolicy,
        Properties: {
          VisibilityTimeout: visibility,
          ...(queueName === undefined ? {} : { QueueName: queueName }),
        },
      },
      ...(alarmPeriod === undefined
        ? {}
        : {
            Broken: {
              Type: 'AWS::CloudWatch::Alarm',
              DependsOn: 'Queue',
              Properties: {
                Namespace: 'A',
                MetricName: 'B',
                Statistic: 'Sum',
                Period: alarmPeriod,
                EvaluationPeriods: 1,
                Threshold: 1,
                ComparisonOperator: 'GreaterThanThreshold',
              },
            },
          }),
    },
    Outputs: { Url: { Value: { Ref: 'Queue' } } },
  });
}
