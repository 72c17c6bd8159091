// Who flies a simulated group in the cloud model: once a second, after everything due has happened,
// it looks and may ask for another size.

export interface Pilot {
  /** The start of a second of the load. */
  readonly step: (second: number) => void;
  /** Its end: what it brought to the group. Work per second, and what one instance can do of it. */
  readonly see: (second: number, load: number, perInstance: number) => void;
}
