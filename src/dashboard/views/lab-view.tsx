// The lab: a config on traffic of any kind, beside other autoscalers and the optimum, before it
// scales anything.

import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Page } from '../page.ts';
import { ComparisonResult } from './comparison-result.tsx';
import {
  generators,
  isOver,
  sayMistake,
  startComparison,
  type ConfigCheck,
  type JobAnswer,
  type LabWish,
} from './lab-job.ts';
import { startingYaml } from './starting-yaml.ts';

const traceBytesMax = 2 * 1024 * 1024;
const pollMs = 700;
const recordedMax = 100;

export function LabView({ page }: { readonly page: Page }): JSX.Element {
  const wish = useSignal<LabWish>({
    yaml: startingYaml,
    generator: 'diurnal',
    trace: null,
    duration: '2d',
    recordedOf: null,
  });
  const job = useSignal<JobAnswer | null>(null);
  const problem = useSignal<string | null>(null);
  const { check, refusal } = useCheck(page, wish);
  const isBusy = job.value !== null && !isOver(job.value);
  useFollow(page, job, problem);
  const run = async (): Promise<void> => {
    problem.value = null;
    const answer = await startComparison(page.ask, wish.value);
    if (answer.kind === 'answered') {
      job.value = { id: answer.value.id, state: 'waiting', progress: 0 };
    }
    if (answer.kind !== 'answered') problem.value = answer.detail;
  };
  return (
    <div class="lab">
      <div class="head">
        <h1>Lab</h1>
        <p class="quiet">
          Tries a config on virtual time, beside rivals tuned in hindsight. Nothing real is scaled.
        </p>
      </div>
      <div class="lab-main">
        <form
          class="card"
          onSubmit={(event) => {
            event.preventDefault();
            void run();
          }}
        >
          <TrafficFields
            wish={wish}
            problem={problem}
            recorded={[...(page.live.fleet.value?.keys() ?? [])].slice(0, recordedMax)}
          />
          <YamlField wish={wish} check={check.value} refusal={refusal.value} />
          <div class="row-end">
            <CopyButton text={wish.value.yaml} />
            <button
              type="submit"
              class="primary"
              disabled={isBusy || refusal.value !== null || check.value?.isValid === false}
            >
              {isBusy ? 'Running…' : 'Compare'}
            </button>
          </div>
        </form>
        <section class="card lab-result" aria-label="Result">
          <p class="problem" role="alert">
            {problem.value}
          </p>
          <Progress job={job.value} />
          {job.value?.state === 'done' && job.value.result && (
            <ComparisonResult result={job.value.result} svg={job.value.svg ?? null} />
          )}
          {job.value === null && problem.value === null && (
            <p class="empty">
              Choose the traffic, edit the config, then compare. The result stands here: what each
              would cost against a scheduler that knew the future.
            </p>
          )}
        </section>
      </div>
    </div>
  );
}

/** Asks for the job's state until it is over. */
function useFollow(page: Page, job: Signal<JobAnswer | null>, problem: Signal<string | null>) {
  const current = job.value;
  const id = current === null || isOver(current) ? null : current.id;
  useEffect(() => {
    if (id === null) return;
    const timer = setInterval(() => {
      void page.ask<JobAnswer>(`/v1/jobs/${encodeURIComponent(id)}`).then((answer) => {
        if (job.value?.id !== id) return;
        if (answer.kind === 'answered') {
          job.value = answer.value;
          if (answer.value.state === 'failed') problem.value = answer.value.problem ?? 'it failed';
        } else if (answer.kind === 'refused') {
          problem.value = answer.detail;
          job.value = null;
        }
      });
    }, pollMs);
    return () => clearInterval(timer);
  }, [page, id]);
}

const typingPauseMs = 400;

interface Checked {
  readonly check: Signal<ConfigCheck | null>;
  /** Why it was not even looked at: it is too long, say. */
  readonly refusal: Signal<string | null>;
}

function useCheck(page: Page, wish: Signal<LabWish>): Checked {
  const check = useSignal<ConfigCheck | null>(null);
  const refusal = useSignal<string | null>(null);
  const { yaml } = wish.value;
  useEffect(() => {
    let isWanted = true;
    const look = async (): Promise<void> => {
      const answer = await page.ask<ConfigCheck>('/v1/config/check', {
        method: 'POST',
        body: { yaml },
      });
      if (!isWanted) return;
      check.value = answer.kind === 'answered' ? answer.value : null;
      refusal.value = answer.kind === 'refused' ? answer.detail : null;
    };
    const timer = setTimeout(() => void look(), typingPauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [page, yaml]);
  return { check, refusal };
}

interface TrafficProps {
  readonly wish: Signal<LabWish>;
  readonly problem: Signal<string | null>;
  /** Groups whose recorded traffic can be used. */
  readonly recorded: readonly string[];
}

function TrafficFields({ problem, recorded, wish }: TrafficProps): JSX.Element {
  const { duration, generator, recordedOf, trace } = wish.value;
  const change = (part: Partial<LabWish>): void => {
    wish.value = { ...wish.value, ...part };
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (file.size > traceBytesMax) {
      problem.value = `${file.name} has ${file.size} bytes; up to ${traceBytesMax} are taken here, and foretide compare takes any`;
      return;
    }
    problem.value = null;
    change({ trace: await file.text(), generator: null, recordedOf: null });
  };
  return (
    <div class="fields">
      <label>
        Traffic
        <select
          name="generator"
          value={recordedOf === null ? (generator ?? 'file') : `day ${recordedOf}`}
          onChange={(event) => {
            const { value } = event.currentTarget;
            const [, group] = /^day (.*)$/.exec(value) ?? [];
            const none = { generator: null, trace: null, recordedOf: null };
            if (group !== undefined) change({ ...none, recordedOf: group });
            else if (value === 'file') change({ ...none, trace: '' });
            else change({ ...none, generator: value });
          }}
        >
          {generators.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          {recorded.map((name) => (
            <option key={name} value={`day ${name}`}>
              the last day of {name}
            </option>
          ))}
          <option value="file">recorded, from a file</option>
        </select>
      </label>
      {trace !== null && (
        <label>
          CSV of timestamp,value
          <input
            type="file"
            accept=".csv,text/csv"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
        </label>
      )}
      {generator !== null && (
        <label>
          For
          <select
            name="duration"
            value={duration}
            onChange={(event) => change({ duration: event.currentTarget.value })}
          >
            {['6h', '1d', '2d', '7d', '14d'].map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
      )}
    </div>
  );
}

interface YamlProps {
  readonly wish: Signal<LabWish>;
  readonly check: ConfigCheck | null;
  readonly refusal: string | null;
}

function YamlField({ check, refusal, wish }: YamlProps): JSX.Element {
  return (
    <>
      <label class="yaml">
        Config
        <textarea
          name="yaml"
          rows={18}
          spellcheck={false}
          value={wish.value.yaml}
          aria-describedby="yaml-check"
          aria-invalid={check?.isValid === false}
          onInput={(event) => {
            wish.value = { ...wish.value, yaml: event.currentTarget.value };
          }}
        />
      </label>
      <div id="yaml-check" role="status" class="yaml-check">
        {refusal !== null && <p class="problem">✕ {refusal}</p>}
        {check?.isValid === true && <p class="done">✓ This config is sound.</p>}
        {check?.isValid === false &&
          check.mistakes.map((mistake) => (
            <p class="problem" key={sayMistake(mistake)}>
              ✕ {sayMistake(mistake)}
            </p>
          ))}
      </div>
    </>
  );
}

function CopyButton({ text }: { readonly text: string }): JSX.Element {
  const outcome = useSignal<'none' | 'copied' | 'failed'>('none');
  const words = { none: 'Copy the YAML', copied: '✓ Copied', failed: 'Select and copy by hand' };
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      outcome.value = 'copied';
    } catch {
      // Browsers give the clipboard to secure pages alone.
      outcome.value = 'failed';
    }
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {words[outcome.value]}
    </button>
  );
}

function Progress({ job }: { readonly job: JobAnswer | null }): JSX.Element | null {
  if (job === null || isOver(job)) return null;
  return (
    <div class="progress">
      <label for="progress">
        {job.state === 'waiting' ? 'Waiting for its turn' : 'Simulating'}
      </label>
      <progress id="progress" max={1} value={job.progress ?? 0} />
    </div>
  );
}
