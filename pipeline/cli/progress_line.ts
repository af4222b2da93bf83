/**
 * How far a step is, in one line.
 *
 * @module
 */
import type { RunEvent } from "../run/event.ts";
import { formatNumber, formatRate, formatSeconds } from "./units_of_measure.ts";

type StepProgressed = Extract<RunEvent, { readonly type: "step_progress" }>;

/** Letters of a step's name that stay, whatever the room. */
const NAME_LETTERS = 8;

/**
 * `train  240/600 iterations  41 items/s  loss 0.533  12 s left`
 *
 * @param fits Whether a line is short enough: as long as it is not, the last of
 *   the step's own numbers gives way, then the rate, the unit and the middle of
 *   the step's name; the time left does not.
 */
export function progressLine(
  event: StepProgressed,
  fits: (line: string) => boolean = () => true,
): string {
  const { done, total, unit, numbers = {} } = event.progress;
  const told = [rateText(event), ...Object.entries(numbers).map(numberText)];
  const lineOf = (name: string, counts: string) =>
    [name, counts, ...told, leftText(event)].filter((part) => part !== "")
      .join("  ");
  const full = `${done}/${total} ${unit}`;
  while (told.length > 0 && !fits(lineOf(event.step, full))) told.pop();
  if (fits(lineOf(event.step, full))) return lineOf(event.step, full);
  const counts = `${done}/${total}`;
  let letters = [...event.step].length;
  const name = () => withoutMiddle(event.step, letters);
  while (letters > NAME_LETTERS && !fits(lineOf(name(), counts))) letters--;
  return lineOf(name(), counts);
}

/** Both ends tell one step from another: `tuned_…iant=fr]`. */
function withoutMiddle(name: string, letters: number): string {
  if (letters >= [...name].length) return name;
  const all = [...name];
  const before = Math.ceil((letters - 1) / 2);
  const after = all.slice(before + 1 - letters);
  return [...all.slice(0, before), "…", ...after].join("");
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
