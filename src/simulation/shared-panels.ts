// One panel for many models: what a group does changes neither its demand nor what tends to follow it,
// so runs of one load under several promises and seeds look at the same panel for as long as they see
// the same. From the block on in which they differ each has its own.
import { copyPanel } from '../core/demand/demand-memory.ts';
import { readBlock } from '../core/demand/demand-model.ts';
import type { DemandModel } from '../core/demand/demand-model.ts';
import { observePanel } from '../core/demand/risk-panel.ts';
import type { PanelBlock, RiskPanel } from '../core/demand/risk-panel.ts';

export interface SharedPanels {
  /** Has a new model look at the panel of the others. All of them forecast, or none does. */
  readonly join: (model: DemandModel) => void;
  /** A block that a model closed; it has its reading after `meet`. At most one between two meetings. */
  readonly enter: (model: DemandModel, block: PanelBlock) => void;
  /** Called when all have taken in the second. */
  readonly meet: () => void;
}

interface Entry {
  readonly model: DemandModel;
  readonly block: PanelBlock;
}

export function createSharedPanels(): SharedPanels {
  const models: DemandModel[] = [];
  const entries: Entry[] = [];
  return {
    join: (model) => {
      const [first] = models;
      if (first !== undefined) model.panel = first.panel;
      models.push(model);
    },
    enter: (model, block) => {
      entries.push({ model, block });
    },
    meet: () => {
      if (entries.length === 0) return;
      for (const { panel, block } of partUnlike(models, entries)) observePanel(panel, block);
      for (const { model, block } of entries) readBlock(model, block);
      entries.length = 0;
    },
  };
}

interface Sight {
  readonly panel: RiskPanel;
  readonly block: PanelBlock;
}

/** Gives those that see different blocks, or none, panels of their own; returns each with its block. */
function partUnlike(models: readonly DemandModel[], entries: readonly Entry[]): readonly Sight[] {
  const sights: {
    readonly from: RiskPanel;
    readonly panel: RiskPanel;
    readonly block: PanelBlock;
  }[] = [];
  const present = new Set(entries.map(({ model }) => model));
  const left = new Map<RiskPanel, RiskPanel>();
  for (const model of models) {
    if (present.has(model) || !entries.some((entry) => entry.model.panel === model.panel)) continue;
    const own = left.get(model.panel) ?? copyPanel(model.panel);
    left.set(model.panel, own);
    model.panel = own;
  }
  for (const { model, block } of entries) {
    const from = model.panel;
    const known = sights.find((sight) => sight.from === from && isSame(sight.block, block));
    if (known !== undefined) {
      model.panel = known.panel;
      continue;
    }
    const isFirst = sights.every((sight) => sight.from !== from);
    const panel = isFirst ? from : copyPanel(from);
    sights.push({ from, panel, block });
    model.panel = panel;
  }
  return sights;
}

function isSame(one: PanelBlock, other: PanelBlock): boolean {
  return (
    one.block === other.block &&
    one.restartSize === other.restartSize &&
    one.leadBlocks === other.leadBlocks &&
    one.demand === other.demand &&
    one.slowMean === other.slowMean &&
    one.growth === other.growth &&
    one.carrying.perInstance === other.carrying.perInstance &&
    one.carrying.staffing === other.carrying.staffing &&
    one.discount === other.discount
  );
}
