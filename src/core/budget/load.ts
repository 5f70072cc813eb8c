/** A detector is one source among hundreds: this many events a day for one unit is what an operator can be asked to look at. */
export const usualBudgetPerDay = 1;

/** One message in ten minutes for one operator, from all sources together; the usual reading of what is acceptable. */
export const ceilingPerDay = 144;

/** What a detector asks of the operator. */
export interface OperatorLoad {
  /** Events (true, false and explained) a day of scored time; null where there is no scored time. */
  readonly eventsPerDay: number | null;
  readonly budgetPerDay: number;
  readonly ceilingPerDay: number;
  /** Share of the budget, above 1 is over it; null like `eventsPerDay`. */
  readonly ofBudget: number | null;
  /** Share of the ceiling of all sources. */
  readonly ofCeiling: number | null;
  readonly within: boolean | null;
}

/**
 * Load on the operator: every event is looked at, not only the false ones. An engineering budget, not a statement of conformity with a
 * standard of alarm management.
 *
 * @param events - number of events shown.
 * @param days - scored time, days.
 */
export function operatorLoad(events: number, days: number, budgetPerDay: number = usualBudgetPerDay): OperatorLoad {
  const eventsPerDay = days > 0 ? events / days : null;
  return {
    eventsPerDay,
    budgetPerDay,
    ceilingPerDay,
    ofBudget: eventsPerDay === null ? null : eventsPerDay / budgetPerDay,
    ofCeiling: eventsPerDay === null ? null : eventsPerDay / ceilingPerDay,
    within: eventsPerDay === null ? null : eventsPerDay <= budgetPerDay,
  };
}
