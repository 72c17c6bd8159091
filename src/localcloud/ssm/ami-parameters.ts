// The public parameters under which AWS publishes the newest machine images. The images behind them
// are made up: an id for each name and region, always the same.

const IMAGE_PARAMETERS: readonly string[] = [
  ...['x86_64', 'arm64'].flatMap((architecture) => [
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    `/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-${architecture}`,
    `/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-${architecture}`,
    `/aws/service/ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-${architecture}-gp2`,
    `/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-${architecture}-gp2`,
  ]),
  ...['amd64', 'arm64'].flatMap((architecture) => [
    `/aws/service/canonical/ubuntu/server/22.04/stable/current/${architecture}/hvm/ebs-gp2/ami-id`,
    `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`,
    `/aws/service/debian/release/12/latest/${architecture}`,
  ]),
  '/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base',
  '/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base',
  '/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id',
];

/** The image id under that name, for example `ami-0c3f1e…`; `undefined` for unknown names. */
export function findImageId(name: string, region: string): string | undefined {
  if (!IMAGE_PARAMETERS.includes(name)) return undefined;
  const text = `${region}${name}`;
  return `ami-0${hashOf(text)}${hashOf(`${text}#`)}`;
}

/** FNV-1a of 32 bits in hex. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
