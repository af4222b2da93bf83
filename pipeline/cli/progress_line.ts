/**
 * How far a step is, in one line.
 *
 * @module
 */
import type { RunEvent } from "../run/event.ts";
import { formatNumber, formatRate, formatSeconds } from "./units_of_measure.ts";

type StepProgressed = Extract<RunEvent, { readonly type: "step_progress" }>;

/**
 * `train  240/600 iterations  41 items/s  loss 0.533  12 s left`
 *
 * @param fits Whether a line is short enough: as long as it is not, the last of
 *   the step's own numbers gives way, at last the rate; the time left does not.
 */
export function progressLine(
  event: StepProgressed,
  fits: (line: string) => boolean = () => true,
): string {
  const { done, total, unit, numbers = {} } = event.progress;
  const head = [event.step, `${done}/${total} ${unit}`];
  const told = [rateText(event), ...Object.entries(numbers).map(numberText)];
  const lineOf = () =>
    [...head, ...told, leftText(event)].filter((part) => part !== "")
      .join("  ");
  while (told.length > 0 && !fits(lineOf())) told.pop();
  return lineOf();
}

/** In what the stage says that a unit is made of, if it does. */
function rateText({ rate, progress: { unit, each } }: StepProgressed): string {
  if (rate === null) return "";
  return each === undefined
    ? formatRate(rate, unit)
    : formatRate(rate * each.count, each.unit);
}

function numberText([name, value]: [string, number]): string {
  return name.endsWith(" %")
    ? `${name.slice(0, -2)} ${Math.round(value)} %`
    : `${name} ${formatNumber(value)}`;
}

function leftText({ secondsLeft, progress }: StepProgressed): string {
  if (secondsLeft === null || progress.done === progress.total) return "";
  return `${formatSeconds(Math.ceil(secondsLeft))} left`;
}
