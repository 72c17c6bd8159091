// How long to wait before the next attempt to connect.

const reconnectDelayMsMin = 500;
const reconnectDelayMsMax = 30_000;

/**
 * Doubles from half a second to half a minute; of that, between half and all, so that many clients
 * that lost the same broker do not come back together. `attempt` counts from 0 since the last
 * connection; `random` is 0 to 1.
 */
export function reconnectDelayMs(attempt: number, random: number): number {
  // Beyond ten doublings the longest delay is reached; a larger power would overflow in the end.
  const whole = Math.min(reconnectDelayMsMax, reconnectDelayMsMin * 2 ** Math.min(attempt, 10));
  return Math.round((whole / 2) * (1 + random));
}
