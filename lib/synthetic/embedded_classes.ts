/**
 * The six classes of the embedded data set: how they are shaped and painted.
 *
 * Shapes fill their boxes to very different degrees; `bar` and `beast` have
 * poses that do so as well, which is what sub-classes are for [Song2019, Eq. 5].
 * Hues overlap between neighbours, so that texture and shape count too. The
 * names are not those of VOC on purpose: these are drawings, and figures
 * measured on them must not be read as figures of VOC classes.
 *
 * @module
 */
import type { Random } from "../random.ts";
import { between, noiseSeed, type Range } from "./chance.ts";
import type { Field } from "./field.ts";
import {
  blended,
  fractalNoise,
  patches,
  spots,
  stripes,
  valueNoise,
  warped,
} from "./pattern.ts";
import type { Shape } from "./shape.ts";
import {
  aBall,
  aBar,
  aBlob,
  aCross,
  aCurledBeast,
  aCycle,
  aStandingBeast,
} from "./figures.ts";

/** One way in which objects of a class stand in the picture. */
export interface Pose {
  readonly name: string;
  /** Chance among the poses of the class, before normalising. */
  readonly weight: number;
  /** Turn, degrees clockwise. */
  readonly turnDegrees: Range;
  /** Px for one unit of object coordinates. */
  readonly scalePx: Range;
  /** The shape in object coordinates, about 2 units across. */
  readonly shape: (random: Random) => Shape;
}

/** A class of the embedded data set. */
export interface EmbeddedClass {
  /** 1…K. */
  readonly classId: number;
  readonly name: string;
  /** Mean hue, degrees. */
  readonly hue: number;
  /** Radius around the origin that no pose leaves, object units. */
  readonly reach: number;
  readonly poses: readonly Pose[];
  /** The surface, 0…1, in object coordinates. */
  readonly pattern: (random: Random) => Field;
  /** Thickness of the rounded rim, object units. */
  readonly rim: number;
  /**
   * At most so much clutter in the very colours of an object lies behind it:
   * what a CRF on boxes and colours cannot tell from the object.
   */
  readonly lookalikes: number;
}

/** Classes 1…K in order of class id; K = 6. */
export const EMBEDDED_CLASSES: readonly EmbeddedClass[] = [
  {
    classId: 1,
    name: "ball",
    hue: 350,
    rim: 0.95,
    reach: 1.01,
    lookalikes: 3,
    pattern: panels,
    poses: [
      {
        name: "whole",
        weight: 1,
        turnDegrees: [0, 360],
        scalePx: [18, 32],
        shape: aBall,
      },
    ],
  },
  {
    classId: 2,
    name: "bar",
    hue: 285,
    rim: 0.1,
    reach: 1.03,
    lookalikes: 2,
    pattern: hoops,
    poses: [
      {
        name: "upright",
        weight: 1,
        turnDegrees: [86, 94],
        scalePx: [28, 42],
        shape: aBar,
      },
      {
        name: "lying",
        weight: 1,
        turnDegrees: [-4, 4],
        scalePx: [30, 46],
        shape: aBar,
      },
      {
        name: "diagonal",
        weight: 2.6,
        turnDegrees: [33, 57],
        scalePx: [26, 36],
        shape: aBar,
      },
    ],
  },
  {
    classId: 3,
    name: "blob",
    hue: 105,
    rim: 0.35,
    reach: 1.17,
    lookalikes: 3,
    pattern: speckles,
    poses: [
      {
        name: "any",
        weight: 1,
        turnDegrees: [0, 360],
        scalePx: [20, 34],
        shape: aBlob,
      },
    ],
  },
  {
    classId: 4,
    name: "beast",
    hue: 35,
    rim: 0.22,
    reach: 1.37,
    lookalikes: 2,
    pattern: pelt,
    poses: [
      {
        name: "standing",
        weight: 2,
        turnDegrees: [-7, 7],
        scalePx: [22, 32],
        shape: aStandingBeast,
      },
      {
        name: "curled",
        weight: 1,
        turnDegrees: [-14, 14],
        scalePx: [24, 36],
        shape: aCurledBeast,
      },
    ],
  },
  {
    classId: 5,
    name: "cross",
    hue: 165,
    rim: 0.16,
    reach: 1.03,
    lookalikes: 1,
    pattern: grain,
    poses: [
      {
        name: "upright",
        weight: 1,
        turnDegrees: [-9, 9],
        scalePx: [19, 28],
        shape: aCross,
      },
      {
        name: "tilted",
        weight: 1,
        turnDegrees: [36, 54],
        scalePx: [20, 28],
        shape: aCross,
      },
    ],
  },
  {
    classId: 6,
    name: "cycle",
    hue: 220,
    rim: 0.08,
    reach: 1.22,
    lookalikes: 1,
    pattern: enamel,
    poses: [
      {
        name: "side",
        weight: 1,
        turnDegrees: [-12, 12],
        scalePx: [20, 28],
        shape: aCycle,
      },
    ],
  },
];

/** Panels that run to a pole, as on a beach ball. */
function panels(random: Random): Field {
  const count = 4 + random.below(3);
  const px = between(random, [-0.5, 0.5]);
  const py = between(random, [-0.5, 0.5]);
  const sectors: Field = (x, y) =>
    0.5 + 0.5 * Math.sin(count * Math.atan2(y - py, x - px));
  // Less contrast than elsewhere: whole panels of a colour would fall out.
  const plain: Field = () => 0.5;
  return blended(patches(sectors, { level: 0.5, softness: 0.4 }), plain, 0.4);
}

/** Hoops across the length, a little slanted. */
function hoops(random: Random): Field {
  const rings = stripes({
    period: between(random, [0.28, 0.5]),
    angle: between(random, [-0.5, 0.5]),
  });
  return blended(rings, fractalNoise(noiseSeed(random), 2), 0.25);
}

/** Dots of many sizes. */
function speckles(random: Random): Field {
  const dots = spots(noiseSeed(random), between(random, [0.24, 0.4]));
  const noise = valueNoise(noiseSeed(random));
  return blended(dots, (x, y) => noise(3 * x, 3 * y), 0.35);
}

/** Large soft patches under fine hair along the body. */
function pelt(random: Random): Field {
  const lowland = valueNoise(noiseSeed(random));
  const hair = fractalNoise(noiseSeed(random), 2);
  const level = between(random, [0.4, 0.65]);
  const coat = patches((x, y) => lowland(2.6 * x, 2.6 * y), {
    level,
    softness: 0.12,
  });
  return blended(coat, (x, y) => hair(4 * x, 16 * y), 0.55);
}

/** Wavy lines close together, as in sawn wood. */
function grain(random: Random): Field {
  const lines = stripes({
    period: between(random, [0.13, 0.2]),
    angle: between(random, [0.6, 1]),
  });
  return warped(lines, fractalNoise(noiseSeed(random), 2), 0.12);
}

/** Nearly plain, with slow changes, as on a lacquered tube. */
function enamel(random: Random): Field {
  const noise = valueNoise(noiseSeed(random));
  return (x, y) => 0.3 + 0.4 * noise(2 * x, 2 * y);
}
