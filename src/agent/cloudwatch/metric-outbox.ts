// The values that CloudWatch does not have yet, oldest first, within a bound. What could not be sent
// stays in its place; only when there is no more room does the oldest go.

export interface Datum {
  readonly metric: number;
  /** Milliseconds since 1970: the second, or the minute, that the value stands for. */
  readonly at: number;
  readonly value: number;
}

/** Two metrics a second for two hours, which CloudWatch takes late as well. */
export const datumsMax = 14_400;
/** "1000 different metrics" in a request of PutMetricData: API reference. */
export const datumsPerCallMax = 1000;

export class MetricOutbox {
  #waiting: Datum[] = [];
  #droppedCount = 0;

  get size(): number {
    return this.#waiting.length;
  }

  get droppedCount(): number {
    return this.#droppedCount;
  }

  add(datum: Datum): void {
    this.#waiting.push(datum);
    const excess = this.#waiting.length - datumsMax;
    if (excess <= 0) return;
    this.#waiting = this.#waiting.slice(excess);
    this.#droppedCount += excess;
  }

  /** The oldest that fit into one call; they stay until they are said to be delivered. */
  peek(): readonly Datum[] {
    return this.#waiting.slice(0, datumsPerCallMax);
  }

  /** Takes delivered values out, wherever newer ones have moved them. */
  settle(delivered: readonly Datum[]): void {
    const gone = new Set(delivered);
    this.#waiting = this.#waiting.filter((datum) => !gone.has(datum));
  }
}
